// The impact form where scripts run: all five steps on one page, and the sentence it reads back as while you type.
// Links to the form lead to the whole form; without scripts they lead to its first step.
for (const link of document.querySelectorAll('[data-whole-href]')) link.href = link.dataset.wholeHref

const form = document.querySelector('#impact-form[data-preview]')
if (form) {
  const sentence = document.getElementById('impact-sentence')
  const conversion = document.getElementById('impact-conversion')
  let waiting

  const show = async () => {
    const answer = await fetch(form.dataset.preview, { method: 'POST', body: new FormData(form) })
    if (!answer.ok) return
    const read = await answer.json()
    if (read.sentence) sentence.textContent = read.sentence
    conversion.textContent = read.conversion
  }

  // Whom people are a part of belongs right below the answer that asks for it.
  const placed = form.querySelector('[data-only-places]')
  if (placed) form.querySelector('[name=spread_kind][value=from_places]').closest('.govuk-radios__item').after(placed)

  // What is asked depends on whether people gain, lose, or nobody knows.
  const fit = () => {
    const direction = form.querySelector('[name=direction]:checked')?.value
    for (const step of form.querySelectorAll('[data-step]')) {
      const unknown = direction === 'not_known' && !['who', 'know'].includes(step.dataset.step)
      step.hidden = unknown
    }
    for (const part of form.querySelectorAll('[data-only-direction]')) {
      part.hidden = Boolean(direction) && part.dataset.onlyDirection !== direction
    }
    const kind = form.querySelector('[name=spread_kind]:checked')?.value
    for (const part of form.querySelectorAll('[data-only-declared]')) part.hidden = kind !== 'declared'
    for (const part of form.querySelectorAll('[data-only-places]')) part.hidden = kind !== 'from_places'
  }

  // One step is open at a time; a closed one says in a line what was chosen there.
  const steps = [...form.querySelectorAll('[data-step]')]
  const body = step => step.querySelector('.app-step__body')
  const shown = step => !step.hidden
  const said = step => [...step.querySelectorAll('input:checked, input[type=text], textarea')]
    .map(field => field.labels && field.checked ? field.labels[0].textContent : ['text', 'textarea'].includes(field.type) ? field.value : '')
    .map(text => text.trim()).filter(Boolean).join(' · ').slice(0, 140)
  const open = (chosen, focus) => {
    for (const step of steps) {
      const is = step === chosen
      body(step).hidden = !is
      step.querySelector('.app-step__toggle').setAttribute('aria-expanded', String(is))
      step.querySelector('.app-step__said').textContent = is ? '' : said(step)
    }
    if (focus) { chosen.querySelector('.app-step__toggle').focus(); chosen.scrollIntoView({ block: 'start' }) }
  }
  for (const step of steps) {
    const heading = step.querySelector('h2')
    const toggle = document.createElement('button')
    Object.assign(toggle, { type: 'button', className: 'app-step__toggle' })
    toggle.setAttribute('aria-controls', body(step).id)
    toggle.append(...heading.childNodes)
    heading.append(toggle)
    toggle.addEventListener('click', () => open(step))
    const next = document.createElement('button')
    Object.assign(next, { type: 'button', className: 'govuk-button govuk-button--secondary', textContent: 'Next step' })
    next.addEventListener('click', () => open(steps.slice(steps.indexOf(step) + 1).find(shown) || step, true))
    if (step !== steps.at(-1)) body(step).append(next)
  }
  const wrong = steps.find(step => step.querySelector('.govuk-error-message'))
  // A link in the error summary may lead into a closed step.
  for (const link of document.querySelectorAll('.govuk-error-summary a')) {
    link.addEventListener('click', () => {
      const step = document.getElementById(link.hash.slice(1))?.closest('[data-step]')
      if (step) open(step)
    }, true)
  }

  const changed = () => {
    fit()
    clearTimeout(waiting)
    waiting = setTimeout(show, 400)
  }
  form.addEventListener('input', changed)
  form.addEventListener('change', changed)
  fit()
  open(wrong || steps[0])
  if (form.querySelector('[name=direction]:checked')) show()
}
