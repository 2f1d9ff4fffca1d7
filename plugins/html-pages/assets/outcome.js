// Responses below their form. They are shown as text, never as markup.
// biome-ignore-all lint/correctness/noUnusedVariables: page.js calls the functions

/** Longer bodies are cut, in characters. */
const SHOWN_CHARACTERS = 65_536

const CLASSES = { 2: 'Success', 3: 'Redirection', 4: 'Client error', 5: 'Server error' }

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties)
  made.append(...children)
  return made
}

/** Shows an outcome, moves the focus to it, and scrolls to it. */
function showOutcome(form, status, parts) {
  const outcome = form.querySelector('.outcome')
  const result = outcome.querySelector('.result')
  outcome.hidden = false
  result.replaceChildren(...status)
  outcome.replaceChildren(result, ...parts)
  outcome.focus({ preventScroll: true })
  outcome.scrollIntoView({ block: 'nearest' })
}

/** Shows the reason for which there is no response. */
function showFailure(form, error) {
  showOutcome(
    form,
    [element('span', { className: 'status of-5xx' }, 'No response'), ` ${error}`],
    [],
  )
}

async function showResponse(form, response, milliseconds) {
  const { status, statusText } = response
  const blob = await response.blob()
  const group = String(status).charAt(0)
  const text = isText(blob.type) ? await blob.text() : undefined
  const errors = text === undefined || response.ok ? [] : showErrors(form, status, text)
  showOutcome(
    form,
    [
      element('span', { className: `status of-${group}xx` }, `${status} ${statusText}`),
      ` ${CLASSES[group]}, ${Math.round(milliseconds)} ms`,
    ],
    [...linksOf(form, response), ...errors, ...bodyParts(blob, text), fieldList(response.headers)],
  )
}

function fieldList(headers) {
  const rows = [...headers].map(([name, value]) =>
    element('div', {}, element('dt', {}, canonicalName(name)), element('dd', {}, value)),
  )
  return element('dl', { className: 'fields' }, ...rows)
}

/** Returns the name of a header field as RFCs write it. */
function canonicalName(name) {
  const words = name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase())
  return words.replace('Etag', 'ETag').replace('Www-', 'WWW-').replace('Ratelimit', 'RateLimit')
}

function isText(type) {
  return /^text\/|[/+](?:json|xml|yaml|x-www-form-urlencoded)\b|^$/.test(type)
}

/** Returns the body as text or as an image, and a link to save a body that is not shown or cut. */
function bodyParts(blob, text) {
  if (blob.size === 0) return []
  if (text !== undefined && text.length <= SHOWN_CHARACTERS) return [bodyText(blob.type, text)]
  const url = URL.createObjectURL(blob)
  const save = element('a', { href: url, download: 'body' }, `Save the body (${blob.size} bytes)`)
  if (text !== undefined) {
    const note = `Only the first ${SHOWN_CHARACTERS} characters are shown. `
    return [element('p', {}, note, save), bodyText('', text.slice(0, SHOWN_CHARACTERS))]
  }
  const link = element('p', {}, save)
  if (!blob.type.startsWith('image/')) return [link]
  return [element('img', { src: url, alt: 'Body of the response' }), link]
}

function bodyText(type, text) {
  return element('pre', { className: 'body' }, element('code', {}, format(type, text)))
}

function format(type, text) {
  if (/xml\b/.test(type)) return formatXml(text)
  try {
    return /json\b/.test(type) ? JSON.stringify(JSON.parse(text), null, 2) : text
  } catch {
    return text
  }
}

/** Puts each element on a line of its own, unless it has text. */
function formatXml(text) {
  let depth = 0
  const lines = text.replace(/>\s*</g, '>\n<').trim().split('\n')
  const formatted = lines.map((line) => {
    if (/^<\//.test(line)) depth -= 1
    const indented = '  '.repeat(Math.max(0, depth)) + line
    if (/^<[^/!?][^>]*[^/]>$|^<\w>$/.test(line)) depth += 1
    return indented
  })
  return formatted.join('\n')
}

/** Returns links to the resource of the response, or to the list of a deleted resource. */
function linksOf(form, response) {
  if (!response.ok) return []
  const { method, list } = form.dataset
  if (method === 'DELETE') {
    const links = list ? [' ', linkTo(new URL(fillUrl(form, list), document.baseURI))] : []
    return [element('p', { className: 'gone' }, 'The resource is gone.', ...links)]
  }
  const location = response.headers.get('Location')
  const url = location && new URL(location, document.baseURI)
  if (url?.origin !== window.location.origin) return []
  return [element('p', {}, linkTo(url))]
}

function linkTo(url) {
  return element('a', { href: url.href }, `Open ${url.pathname}`)
}

/** Names of the parts of a request in errors, by the values of `data-in`. */
const PARTS = { params: 'path', querystring: 'query', headers: 'header' }

/** Inputs that cause a status, as selectors. */
const CAUSES = {
  401: '[data-part=secret]',
  403: '[data-part=secret]',
  406: '[name=Accept]',
  412: '[name=If-Match], [name=If-None-Match], [name=If-Unmodified-Since]',
  415: '[data-part=type]',
  428: '[name=If-Match]',
}

/** Shows each error beside the input that caused it. Returns the errors without an input. */
function showErrors(form, status, text) {
  const problem = parse(text)
  const message = problem?.message ?? problem?.detail ?? problem?.title
  const errors = problem?.errors ?? (message ? [{ message }] : [])
  const rest = errors.filter((error) => {
    const input = inputOf(form, status, error)
    if (input) mark(input, `${error.pointer ?? ''} ${error.message}`.trim())
    return !input
  })
  if (rest.length === 0) return []
  const items = rest.map(({ pointer = '', message }) => element('li', {}, `${pointer} ${message}`))
  return [element('ul', { className: 'errors' }, ...items)]
}

function parse(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function inputOf(form, status, { in: part, pointer = '' }) {
  if (part === 'body') {
    const controls = [...(panelOf(form)?.elements ?? [])]
    return controls.find(({ name }) => pointer === `/${name}`) ?? controls[0]
  }
  const name = pointer.slice(1).replaceAll('~1', '/').replaceAll('~0', '~').toLowerCase()
  if (part) return controlsIn(form, PARTS[part]).find((each) => each.name.toLowerCase() === name)
  const inputs = CAUSES[status] ? [...form.querySelectorAll(CAUSES[status])] : []
  return inputs.find(({ value }) => value) ?? inputs[0]
}

/** Adds an error below an input. */
function mark(input, message) {
  const id = `${input.id}-error`
  const shown = document.getElementById(id)
  if (shown) {
    shown.append(element('br', {}), message)
    return
  }
  input.setAttribute('aria-invalid', 'true')
  input.setAttribute('aria-describedby', id)
  input.closest('.field').append(element('span', { id, className: 'error' }, message))
  const details = input.closest('details.more')
  if (details) details.open = true
}

function clearErrors(form) {
  for (const error of form.querySelectorAll('.error')) error.remove()
  for (const input of form.querySelectorAll('[aria-invalid]')) {
    input.removeAttribute('aria-invalid')
    input.removeAttribute('aria-describedby')
  }
}
