// Says how much of a table has been sent; then the page that shows its import takes over.
const form = document.getElementById('area-import')
const inMegabytes = bytes => (bytes / 1e6).toFixed(1)

const begin = event => {
  const sending = event.target
  const table = sending.file.files[0]
  if (!table) return
  event.preventDefault()
  const shown = document.getElementById('import-progress')
  const words = document.getElementById('import-words')
  const bar = document.getElementById('import-bar')
  const button = sending.querySelector('button[type=submit]')
  const largest = Number(sending.dataset.largest)
  shown.hidden = false
  if (table.size > largest) {
    bar.hidden = true
    words.textContent = `This file has ${inMegabytes(table.size)} MB, and a table can have at most ${largest / 1e6}. Nothing was sent.`
    return
  }
  const request = new XMLHttpRequest()
  bar.hidden = false
  button.disabled = true
  request.upload.addEventListener('progress', ({ loaded, total }) => {
    bar.value = 100 * loaded / total
    words.textContent = `Sent ${inMegabytes(loaded)} of ${inMegabytes(total)} MB`
  })
  request.upload.addEventListener('load', () => {
    bar.removeAttribute('value')
    words.textContent = 'The file has arrived.'
  })
  request.addEventListener('load', () => {
    if (request.status < 400) {
      location.assign(request.responseURL)
      return
    }
    const answer = new DOMParser().parseFromString(request.responseText, 'text/html')
    document.title = answer.title
    document.querySelector('main').replaceWith(document.adoptNode(answer.querySelector('main')))
    document.getElementById('area-import')?.addEventListener('submit', begin)
    const problem = document.querySelector('.govuk-error-summary, h1')
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
