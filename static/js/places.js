// Choosing small areas where scripts run: a ward ticks its areas, typing narrows the list, and the sums follow at once.
const form = document.getElementById('places')
if (form) {
  // The ticks of the areas say everything; those of the wards only show it.
  const scripted = Object.assign(document.createElement('input'), { type: 'hidden', name: 'scripted', value: '1' })
  form.append(scripted)
  const wards = [...form.querySelectorAll('[data-ward]')].map(row => ({
    row,
    whole: row.querySelector('[name=wards]'),
    details: row.querySelector('details'),
    count: row.querySelector('[data-ward-count]'),
    areas: [...row.querySelectorAll('[name=areas]')],
    lines: [...row.querySelectorAll('[data-area]')],
  }))

  // A search can show a part of a ward; then its box says what holds for the part.
  const fit = ward => {
    const ticked = ward.areas.filter(area => area.checked).length
    ward.whole.checked = ticked === ward.areas.length
    ward.whole.indeterminate = ticked > 0 && ticked < ward.areas.length
    const shown = ward.areas.length === Number(ward.whole.dataset.size) ? '' : ' shown here'
    ward.count.textContent = `${ticked} of ${ward.areas.length} small areas${shown} chosen`
  }

  const table = document.querySelector('[data-sums]')
  let waiting, newest = 0
  const sum = async () => {
    const mine = ++newest
    const answer = await fetch(form.dataset.sumsAddress, { method: 'POST', body: new FormData(form) })
    if (!answer.ok || mine !== newest) return
    const { words, rows } = await answer.json()
    document.querySelector('[data-sums-words]').textContent = words
    for (const row of table.querySelectorAll('[data-row]')) {
      row.querySelectorAll('td').forEach((cell, place) => { cell.textContent = rows[row.dataset.row][place] })
    }
  }
  const changed = () => {
    clearTimeout(waiting)
    waiting = setTimeout(sum, 250)
  }

  for (const ward of wards) {
    ward.whole.addEventListener('change', () => {
      for (const area of ward.areas) area.checked = ward.whole.checked
      fit(ward)
      changed()
    })
    for (const area of ward.areas) {
      area.addEventListener('change', () => { fit(ward); changed() })
    }
    fit(ward)
  }
  if (form.elements.pasted) form.elements.pasted.addEventListener('input', changed)

  const search = document.querySelector('[data-places-search] input')
  const found = document.querySelector('[data-places-count]')
  const narrow = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean)
    const has = text => words.every(word => text.includes(word))
    let matches = 0
    for (const ward of wards) {
      const all = has(ward.row.dataset.ward)
      let here = 0
      for (const line of ward.lines) {
        line.hidden = !(all || has(`${ward.row.dataset.ward} ${line.dataset.area}`))
        here += line.hidden ? 0 : 1
      }
      ward.row.hidden = !here
      ward.details.open = here > 0 && words.length > 0 && !all
      matches += here
    }
    found.textContent = words.length ? `${matches} ${matches === 1 ? 'small area matches' : 'small areas match'}.` : ''
  }
  // What the page already shows in full is narrowed here; otherwise the search asks the server.
  if (search && !search.value && !found.textContent.trim()) {
    search.addEventListener('input', narrow)
    search.form.addEventListener('submit', event => { event.preventDefault(); narrow() })
  }
}
