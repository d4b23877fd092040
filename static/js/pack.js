// Looks every few seconds how far a committee pack is, until it has ended; only what changed is put on the page.
const SECONDS = 3
const going = part => ['waiting', 'drawing'].includes(part?.dataset.state)

const look = async () => {
  const shown = document.getElementById('pack-progress')
  if (!going(shown)) return
  try {
    const answer = await fetch(location.href, { headers: { Accept: 'text/html' } })
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    const now = page.getElementById('pack-progress')
    if (!answer.ok || !now) return // signed out, perhaps; the link on the page shows why
    if (now.dataset.state === shown.dataset.state && going(now)) {
      // While it goes on only the figures change, so that nobody loses the button they are on.
      for (const place of ['[role=status]', 'progress']) {
        const before = shown.querySelector(place)
        const after = now.querySelector(place)
        before.textContent = after.textContent
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
  setTimeout(look, SECONDS * 1000)
}

setTimeout(look, SECONDS * 1000)
