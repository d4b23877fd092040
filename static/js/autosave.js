// Saves answers as people write, so that nothing typed is lost; everything works without it.
//
// What is not saved yet is kept in this tab's own storage, under the person and the page, and taken out as soon as it
// is saved or somebody signs out. The server decides what is saved, what is shown, and who wrote first.

const PREFIX = 'unsaved:'
const PAUSE = 1500 // milliseconds without a key before saving
const AGAIN = 15000 // milliseconds before trying once more after a failure
const NEVER_KEPT = ['csrf_token', 'action']

let signingOut = false

export function startAutosave () {
  forgetOnSignOut()
  unfoldReasons()
  for (const form of document.querySelectorAll('form[data-autosave]')) new Autosave(form)
}

function forgetOnSignOut () {
  for (const form of document.querySelectorAll('form[action$="/sign-out"]')) {
    form.addEventListener('submit', () => {
      signingOut = true
      for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key)
    })
  }
}

// A group that is not affected needs a reason, one that is not known a plan: the place for it opens by itself.
function unfoldReasons () {
  for (const group of document.querySelectorAll('.app-group')) {
    group.addEventListener('change', (event) => {
      if (['not_affected', 'not_known'].includes(event.target.value)) group.querySelector('details').open = true
    })
  }
}

class Autosave {
  constructor (form) {
    this.form = form
    this.status = form.querySelector('#autosave-status')
    this.key = `${PREFIX}${form.dataset.person}:${form.dataset.autosave}`
    this.dirty = false // something differs from what the server has
    this.sending = false
    this.leaving = false
    this.stopped = false // until the page is saved by hand
    this.timer = 0
    form.addEventListener('input', () => this.changed(PAUSE))
    form.addEventListener('change', () => this.changed(200))
    form.addEventListener('submit', () => this.submitted())
    window.addEventListener('beforeunload', (event) => { if (this.dirty && !this.leaving) event.preventDefault() })
    window.addEventListener('pagehide', () => { if (this.dirty && !this.leaving) this.keep(false) })
    window.addEventListener('pageshow', () => { this.leaving = false })
    window.addEventListener('online', () => { if (this.dirty) this.changed(0) })
    this.bringBack()
  }

  changed (wait) {
    this.dirty = true
    this.keep(false)
    if (this.stopped) return
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.save(), wait)
  }

  submitted () {
    clearTimeout(this.timer)
    this.leaving = true
    if (this.dirty) this.keep(true)
  }

  entries () {
    return [...new FormData(this.form)].filter(([name, value]) => typeof value === 'string' && !NEVER_KEPT.includes(name))
  }

  keep (sent) {
    if (signingOut) return
    try {
      sessionStorage.setItem(this.key, JSON.stringify({ sent, entries: this.entries() }))
    } catch { /* no room or no storage: the text is still on the page */ }
  }

  forget () {
    sessionStorage.removeItem(this.key)
  }

  async save () {
    if (this.sending || !this.dirty || this.leaving) return
    this.sending = true
    this.dirty = false // whatever is typed from here on counts as new
    this.say('Saving…')
    let answer
    try {
      const response = await fetch(this.form.dataset.autosave, {
        method: 'POST',
        headers: { Accept: 'application/json', 'X-Autosave': '1' },
        // a chosen file waits for a Save button
        body: new URLSearchParams([...new FormData(this.form)].filter(([name, value]) => typeof value === 'string' && name !== 'action')),
        redirect: 'error'
      })
      answer = { status: response.status, body: await response.json() }
    } catch {
      answer = { status: 0, body: {} }
    }
    this.sending = false
    this.told(answer)
  }

  told ({ status, body }) {
    if (status === 200) return this.saved(body)
    this.dirty = true
    this.keep(false)
    if (status === 0 || status >= 500) {
      this.say('Not saved yet: the service cannot be reached. Your text stays on this page, and we keep trying.')
      this.timer = setTimeout(() => this.save(), AGAIN)
      return
    }
    this.stopped = true
    const reason = body.reason || 'This page could not be saved by itself.'
    this.say(`Not saved yet. ${reason} Your text stays on this page: press a Save button.`)
  }

  saved (body) {
    for (const [question, token] of Object.entries(body.versions)) {
      const field = this.form.elements.namedItem(`was:${question}`)
      if (field) field.value = token
    }
    this.show(body.visible)
    const problems = Object.entries(body.problems)
    if (problems.length) {
      this.keep(false)
      this.say(`Saved at ${body.saved}, but not everything: ${problems[0][1]}.`)
    } else {
      if (!this.dirty) this.forget()
      this.say(`Saved at ${body.saved}`)
    }
    if (this.dirty) this.changed(PAUSE)
  }

  // Which questions apply is decided by the server from the answers; the page shows them at once.
  show (visible) {
    for (const block of this.form.querySelectorAll('[data-question]')) {
      block.hidden = !visible.includes(block.dataset.question) && block.querySelector('[name^="was:"]') !== null
    }
  }

  say (text) {
    if (this.status && this.status.textContent !== text) this.status.textContent = text
  }

  // A tab that was closed, or a send that failed, leaves text behind that the server never had.
  bringBack () {
    let left
    try {
      left = JSON.parse(sessionStorage.getItem(this.key) || 'null')
    } catch { left = null }
    if (!left || document.querySelector('.govuk-error-summary')) return
    const typed = new Map()
    for (const [name, value] of left.entries) typed.set(name, [...(typed.get(name) || []), value])
    const back = [...this.form.querySelectorAll('[data-question]')].filter((block) => this.restore(block, typed, left.sent))
    if (!back.length) return this.forget()
    this.say('Text that had not been saved is back on this page.')
    this.changed(PAUSE)
  }

  restore (block, typed, sent) {
    const token = block.querySelector('[name^="was:"]')
    const before = token && typed.get(token.name)
    if (!before || (sent && before[0] !== token.value)) return false // it had arrived
    const fields = [...block.querySelectorAll('input, textarea, select')].filter((one) => one.name && one !== token)
    const differs = fields.filter((one) => isSet(one) !== wanted(one, typed))
    for (const one of differs) set(one, wanted(one, typed))
    if (differs.length) token.value = before[0]
    return differs.length > 0
  }
}

function isSet (field) {
  return field.type === 'radio' || field.type === 'checkbox' ? field.checked : lines(field.value)
}

function wanted (field, typed) {
  const values = typed.get(field.name) || []
  if (field.type === 'radio' || field.type === 'checkbox') return values.includes(field.value)
  return lines(values[0] || '')
}

function set (field, value) {
  if (field.type === 'radio' || field.type === 'checkbox') field.checked = value
  else field.value = value
}

function lines (text) {
  return text.replace(/\r\n/g, '\n')
}
