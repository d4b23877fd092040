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
    const own = form.querySelector('[name=spread_kind]:checked')?.value === 'declared'
    for (const part of form.querySelectorAll('[data-only-declared]')) part.hidden = !own
  }

  const changed = () => {
    fit()
    clearTimeout(waiting)
    waiting = setTimeout(show, 400)
  }
  form.addEventListener('input', changed)
  form.addEventListener('change', changed)
  fit()
  if (form.querySelector('[name=direction]:checked')) show()
}
