// Requests of the forms, for `fetch` and for curl. Empty parameters are not sent.
// biome-ignore-all lint/correctness/noUnusedVariables: page.js calls the functions

/** Returns the controls of a form that hold parameters of one part of the request. */
function controlsIn(form, part) {
  return [...form.querySelectorAll(`[data-in=${part}]`)]
}

/** Returns the control of a form that is no parameter, by its name in `data-part`. */
function partOf(form, name) {
  return form.querySelector(`[data-part=${name}]`)
}

/** Returns the values of a control: the chosen options, or the text. */
function valuesOf(control) {
  const values = control.multiple
    ? [...control.selectedOptions].map((option) => option.value)
    : [control.value]
  return values.filter(Boolean)
}

/** Returns what stands for a path parameter without a value, such as NOTE_ID for `noteId`. */
function placeholderOf(name) {
  return name.replace(/([a-z])(?=[A-Z])/g, '$1_').toUpperCase()
}

/** Fills a template with the path parameters of a form. Those without a value get a placeholder. */
function fillUrl(form, template) {
  const values = Object.fromEntries(
    controlsIn(form, 'path').map(({ name, value }) => [name, value]),
  )
  return template.replace(/\{(\w+)\}/g, (_parameter, name) =>
    values[name] ? encodeURIComponent(values[name]) : placeholderOf(name),
  )
}

function urlOf(form) {
  const pairs = controlsIn(form, 'query').flatMap((control) =>
    valuesOf(control).map(
      (value) => `${encodeURIComponent(control.name)}=${encodeURIComponent(value)}`,
    ),
  )
  const url = fillUrl(form, form.dataset.url)
  return pairs.length > 0 ? `${url}?${pairs.join('&')}` : url
}

function fieldsOf(form) {
  return controlsIn(form, 'header').flatMap((control) =>
    valuesOf(control).map((value) => [control.name, value]),
  )
}

/** Returns the option of the chosen media type; undefined if the form has no body. */
function bodyTypeOf(form) {
  return partOf(form, 'type')?.selectedOptions[0]
}

function panelOf(form) {
  const kind = bodyTypeOf(form)?.dataset.kind
  return [...form.querySelectorAll('[data-panel]')].find((each) => each.dataset.panel === kind)
}

/** Returns the body for `fetch`: a text, a file, or a form. */
function bodyOf(form) {
  const panel = panelOf(form)
  if (!panel) return undefined
  if (panel.dataset.panel === 'text') return panel.querySelector('textarea').value
  if (panel.dataset.panel === 'file') return panel.querySelector('input').files[0]
  const data = new FormData()
  for (const { name, type, value, files } of panel.elements) {
    if (type !== 'file') data.append(name, value)
    else for (const file of files) data.append(name, file)
  }
  return data
}

/** Returns the options of curl for the body. JSON is written on a single line. */
function dataOf(form) {
  const panel = panelOf(form)
  if (!panel) return []
  const { panel: kind } = panel.dataset
  if (kind === 'text') {
    const { value } = panel.querySelector('textarea')
    return dataOptions(/json$/.test(bodyTypeOf(form).value) ? compact(value) : value)
  }
  if (kind === 'file') return dataOptions(undefined)
  return formOptions(
    [...panel.elements].map(({ name, type, value }) =>
      type === 'file' ? { name } : { name, value },
    ),
  )
}

/** Removes the white space between the tokens of JSON. Numbers stay as they are, since parsing would round them. */
function compact(text) {
  return parse(text) === undefined ? text : text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, '$1')
}

/** Returns undefined if the text is no JSON. */
function parse(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The browser and curl write the Content-Type of a form themselves, with the boundary. */
function contentTypeOf(form) {
  const type = bodyTypeOf(form)
  if (!type || type.dataset.kind === type.value) return []
  return [['Content-Type', type.value]]
}

/** Shows the command of a form, and names the path parameters that it lacks. */
function updateCommand(form) {
  const missing = controlsIn(form, 'path').filter(({ value }) => !value)
  const sentences = missing.map(({ name }) => `${name} is missing: replace ${placeholderOf(name)}.`)
  document.getElementById(`${form.dataset.method}-missing`).textContent = sentences.join(' ')
  const command = document.getElementById(`${form.dataset.method}-command`)
  command.textContent = curlCommand({
    method: form.dataset.method,
    url: urlOf(form),
    fields: [...fieldsOf(form), ...contentTypeOf(form)],
    credentials: credentialOptions(form),
    data: dataOf(form),
  })
}

/** @throws {Error} with the `input` whose value no browser can send (URL §4.4, Fetch §5.2) */
function checkInputs(form) {
  const dots = controlsIn(form, 'path').find(({ value }) => /^\.\.?$/.test(value))
  const fields = [...controlsIn(form, 'header'), partOf(form, 'secret')]
  const field = fields.find(
    (input) =>
      /[^\t -~\x80-\xff]/.test(input?.value) && (input.name || credentialsOf(form).hasToken),
  )
  const input = dots ?? field
  if (!input) return
  const reason = dots
    ? `Browsers do not send the path segment ${dots.value}, but curl does`
    : `Browsers do not send ${/[^\t -~\x80-\xff]/u.exec(input.value)} in a header field`
  throw Object.assign(new Error(reason), { input })
}

/** Returns the URL and the options for `fetch`. @throws {Error} if a browser cannot send the request */
function requestOf(form) {
  checkInputs(form)
  const fields = [...fieldsOf(form), ...contentTypeOf(form), ...authorizationOf(form)]
  // With `omit`, the browser neither adds stored credentials nor asks for credentials.
  const init = { headers: fields, body: bodyOf(form), credentials: 'omit', cache: 'no-store' }
  return [urlOf(form), { method: form.dataset.method, ...init }]
}
