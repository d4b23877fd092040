// Says how far an import has come: the upload as it goes, then that the rows are being checked and stored.
const form = document.getElementById('area-import')
const inMegabytes = bytes => (bytes / 1e6).toFixed(1)

const begin = event => {
  const sending = event.target
  if (!sending.file.files.length) return
  event.preventDefault()
  const shown = document.getElementById('import-progress')
  const words = document.getElementById('import-words')
  const bar = document.getElementById('import-bar')
  const button = sending.querySelector('button[type=submit]')
  const request = new XMLHttpRequest()
  shown.hidden = false
  button.disabled = true
  request.upload.addEventListener('progress', ({ loaded, total }) => {
    bar.value = 100 * loaded / total
    words.textContent = `Sent ${inMegabytes(loaded)} of ${inMegabytes(total)} MB`
  })
  request.upload.addEventListener('load', () => {
    bar.removeAttribute('value')
    words.textContent = 'The file has arrived. Its rows are being checked and stored; for a whole country this takes some seconds.'
  })
  request.addEventListener('load', () => {
    if (request.status < 400) history.pushState(null, '', request.responseURL)
    const answer = new DOMParser().parseFromString(request.responseText, 'text/html')
    document.title = answer.title
    document.querySelector('main').replaceWith(document.adoptNode(answer.querySelector('main')))
    document.getElementById('area-import')?.addEventListener('submit', begin)
    const problem = document.querySelector('.govuk-error-summary, .govuk-notification-banner, h1')
    problem.tabIndex = -1
    problem.focus()
    problem.scrollIntoView()
  })
  request.addEventListener('error', () => {
    shown.hidden = true
    button.disabled = false
    sending.submit()
  })
  request.open('POST', sending.action)
  request.send(new FormData(sending))
}

form?.addEventListener('submit', begin)
