// Makes pages more comfortable where scripts run; everything works without.
import { startAutosave } from './autosave.js'
import { initAll } from './govuk-frontend.min.js'

document.body.classList.add('js-enabled', 'govuk-frontend-supported')
initAll()
startAutosave()
warnOfLargeFiles()

// A file that the server would refuse is said to be too large before it is sent.
function warnOfLargeFiles () {
  for (const field of document.querySelectorAll('input[type=file][data-largest]')) {
    const words = document.createElement('p')
    words.className = 'govuk-error-message'
    words.setAttribute('role', 'alert')
    field.before(words)
    field.addEventListener('change', () => {
      const file = field.files[0]
      const over = file && file.size > Number(field.dataset.largest)
      const most = Number(field.dataset.largest) / 1e6
      words.textContent = over ? `This file is too large to be sent: ${most} MB is the most.` : ''
    })
  }
}
