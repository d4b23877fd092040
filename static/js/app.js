// Makes pages more comfortable where scripts run; everything works without.
import { startAutosave } from './autosave.js'
import { initAll } from './govuk-frontend.min.js'

document.body.classList.add('js-enabled', 'govuk-frontend-supported')
initAll()
startAutosave()
