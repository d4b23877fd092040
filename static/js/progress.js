// Looks again and again how far something is that the worker does, until it has ended; only what changed is put on the page.
const SOON = 0.75 // seconds; short work is followed closely, long work ever more calmly
const CALM = 3
const LONGER = 1.15
let pause = SOON

const going = part => part?.hasAttribute('data-going')

const look = async () => {
  const shown = document.getElementById('progress')
  if (!going(shown)) return
  try {
    const answer = await fetch(location.href, { headers: { Accept: 'text/html' } })
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    const now = page.getElementById('progress')
    if (!answer.ok || !now) return // signed out, perhaps; the link on the page shows why
    if (now.dataset.state === shown.dataset.state && going(now)) {
      // While it goes on only the figures change, so that nobody loses the button they are on.
      for (const place of ['.govuk-tag', '[role=status]', 'progress']) {
        const before = shown.querySelector(place)
        const after = now.querySelector(place)
        before.textContent = after.textContent
        before.className = after.className
        if (after.value !== undefined) before.value = after.value
      }
    } else {
      const held = shown.contains(document.activeElement)
      shown.replaceWith(document.adoptNode(now))
      if (held) {
        now.tabIndex = -1
        now.focus()
      }
    }
  } catch {
    // no answer this time; the next look may get one
  }
  pause = Math.min(CALM, pause * LONGER)
  setTimeout(look, pause * 1000)
}

setTimeout(look, pause * 1000)
