// Responses below their form. They are shown as text, never as markup.
// biome-ignore-all lint/correctness/noUnusedVariables: page.js calls the functions

/** Longer bodies are cut, in bytes of UTF-8, before and after formatting. */
const SHOWN_BYTES = 65_536

/** Deeper levels of a body are not indented further. */
const MAX_DEPTH = 30

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

/** Hides the outcome of a form, since another request has changed the resource. */
function hideOutcome(form) {
  clearErrors(form)
  form.querySelector('.outcome').hidden = true
}

/** Shows the reason for which there is no response. */
function showFailure(form, error) {
  const { input, message } = error
  const label = element('span', { className: 'status of-5xx' }, input ? 'Not sent' : 'No response')
  if (input) mark(input, message)
  const parts = input ? [listOf([linkToInput(input, message)])] : []
  showOutcome(form, [label, input ? '' : ` ${error}`], parts)
}

function listOf(errors) {
  return element('ul', { className: 'errors' }, ...errors.map((each) => element('li', {}, each)))
}

async function showResponse(form, response, milliseconds) {
  const { status, statusText } = response
  const blob = await response.blob()
  const group = String(status).charAt(0)
  const text = isText(blob.type) ? await textOf(blob) : undefined
  const errors = text === undefined || response.ok ? [] : showErrors(form, status, text)
  showOutcome(
    form,
    [
      element('span', { className: `status of-${group}xx` }, `${status} ${statusText}`),
      ` ${CLASSES[group]}, ${Math.round(milliseconds)}\u00a0ms`,
    ],
    [
      ...(await linksOf(form, response)),
      ...errors,
      ...bodyParts(form, blob, text, fileName(response)),
      fieldList(response.headers),
    ],
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
  if (/^image\//.test(type)) return false
  return /^text\/|[/+](?:json|xml|yaml|javascript|openmetrics-text|x-www-form-urlencoded)\b|^$/.test(
    type,
  )
}

async function textOf(blob) {
  const [, charset] = /charset="?([\w-]+)/.exec(blob.type) ?? []
  try {
    return new TextDecoder(charset).decode(await blob.arrayBuffer())
  } catch {
    return blob.text() // an unknown charset
  }
}

function fileName({ headers }) {
  return /filename="?([^";]+)/.exec(headers.get('Content-Disposition') ?? '')?.[1] ?? 'body'
}

/** Returns the body as text or as an image, and a link to save a body that is not shown or cut. */
function bodyParts(form, blob, text, name) {
  if (blob.size === 0) return []
  const start = cut(text ?? '')
  const formatted = format(blob.type, start)
  const shown = cut(formatted)
  // The keyboard can only scroll an element with the focus.
  const ariaLabel = `Body of the response to ${form.dataset.method}`
  const scrollable = { className: 'body', tabIndex: 0, role: 'region', ariaLabel }
  const pre = element('pre', scrollable, element('code', {}, shown))
  if (start === text && shown === formatted) return [pre]
  const url = URL.createObjectURL(blob)
  const save = element('a', { href: url, download: name }, `Save the body (${blob.size} bytes)`)
  if (text !== undefined) {
    const note = `Only the first ${SHOWN_BYTES / 1_024} KiB are shown. `
    return [element('p', {}, note, save), pre]
  }
  const link = element('p', {}, save)
  if (!blob.type.startsWith('image/')) return [link]
  return [element('img', { src: url, alt: 'Body of the response' }), link]
}

/** Returns as many whole characters as fit into SHOWN_BYTES. */
function cut(text) {
  return text.slice(0, new TextEncoder().encodeInto(text, new Uint8Array(SHOWN_BYTES)).read)
}

/** Indents JSON and XML token by token, so that all values stay as they were sent, also in a text that was cut. */
function format(type, text) {
  if (/xml\b/.test(type)) return formatXml(text)
  return /json\b/.test(type) ? formatJson(text) : text
}

function newLine(depth) {
  return `\n${'  '.repeat(Math.min(Math.max(0, depth), MAX_DEPTH))}`
}

const JSON_TOKENS = /"(?:[^"\\]|\\.)*"?|[[{]\s*[\]}]|[[\]{},:]|[^\s[\]{},:"]+/g

function formatJson(text) {
  let depth = 0
  const tokens = (text.match(JSON_TOKENS) ?? []).map((token) => {
    if (token === '[' || token === '{') return token + newLine(++depth)
    if (token === ']' || token === '}') return newLine(--depth) + token
    if (token === ',') return token + newLine(depth)
    return token === ':' ? ': ' : token.replace(/^([[{])\s+/, '$1')
  })
  return tokens.join('').trimEnd()
}

const XML_TOKENS = /<!\[CDATA\[[\s\S]*?\]\]>|<!--[\s\S]*?-->|<(?:"[^"]*"|'[^']*'|[^>"'])*>?|[^<]+/g

/** Puts each tag on a line of its own, unless there is text beside it. */
function formatXml(text) {
  let depth = 0
  let wasTag = false
  const tokens = (text.match(XML_TOKENS) ?? []).map((token) => {
    if (!token.trim()) return '' // white space between tags
    const isTag = /^<(?!!\[)/.test(token)
    if (/^<\//.test(token)) depth -= 1
    const begin = isTag && wasTag ? newLine(depth) : ''
    if (isTag && !/^<[/!?]|\/>$/.test(token)) depth += 1
    wasTag = isTag
    return begin + token
  })
  return tokens.join('')
}

/** Reads a resource that was deleted, since not every DELETE removes the resource. */
async function isGone(form) {
  const init = { method: 'HEAD', headers: authorizationOf(form), credentials: 'omit' }
  const response = await fetch(urlOf(form), { ...init, cache: 'no-store' }).catch(() => undefined)
  return response?.status === 404 || response?.status === 410
}

/** Returns links to the resource of the response, or to the list of a deleted resource. */
async function linksOf(form, response) {
  if (!response.ok) return []
  const { method, list } = form.dataset
  if (method === 'DELETE') {
    if (!(await isGone(form))) return []
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
