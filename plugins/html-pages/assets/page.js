// Makes the forms work, keeps the page current, and copies commands.

const forms = [...document.querySelectorAll('form[data-method]')]

async function send(form) {
  clearErrors(form)
  const start = performance.now()
  const response = await fetch(...requestOf(form))
  await showResponse(form, response, performance.now() - start)
  if (!response.ok || form.dataset.method === 'GET') return
  setTag(form, response.headers.get('ETag'))
  await refresh(form)
}

/** The next write to the same resource needs the entity tag of the current version. */
function setTag(form, etag) {
  const input = form.querySelector('[name=If-Match]')
  if (etag && input && form.dataset.method !== 'POST') input.value = etag
  updateCommand(form)
}

/**
 * Reads the page of the resource again after a write, and shows its new request, response and entity tag. As a document
 * of XMLHttpRequest, the markup of the service needs no parser that Trusted Types forbid.
 */
async function refresh(form) {
  const response = document.getElementById('response')
  if (!response) return
  for (const each of forms) if (each !== form) hideOutcome(each)
  const page = await readPage(Object.fromEntries(authorizationOf(form)))
  if (!page?.getElementById('response')) {
    const note = 'The page could not be read again, so it shows the resource before this request.'
    form.querySelector('.outcome').append(element('p', {}, note))
    return
  }
  document.title = page.title
  for (const selector of ['h1', '.lead', '.within', '#request', '#response']) {
    const [old, current] = [document, page].map((each) => sectionOf(each, selector))
    if (old && current) old.replaceWith(document.importNode(current, true))
  }
  for (const command of document.querySelectorAll('#request ~ .command')) addCopyButton(command)
  const tag = page.querySelector('[name=If-Match]')?.value ?? ''
  for (const input of document.getElementsByName('If-Match')) input.value = tag
  // The page of an error has no current representation.
  const isCurrent = page.querySelector('.status.of-2xx') !== null
  for (const each of forms) {
    if (isCurrent) updateDrafts(each, page)
    updateCommand(each)
  }
}

/** Returns the section with a heading, or another part of the page. */
function sectionOf(page, selector) {
  const found = page.querySelector(`main ${selector}`)
  return selector.startsWith('#') ? found?.closest('section') : found
}

function readPage(fields) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest()
    request.open('GET', window.location.href)
    request.responseType = 'document'
    request.setRequestHeader('Accept', 'text/html')
    // Otherwise the browser adds the validator of the page in its cache, which the page would show (Fetch §4.6).
    request.setRequestHeader('If-Modified-Since', 'Thu, 01 Jan 1970 00:00:00 GMT')
    for (const [name, value] of Object.entries(fields)) request.setRequestHeader(name, value)
    request.onloadend = () => resolve(request.response)
    request.send()
  })
}

/** Takes the drafts of the new page, unless the user has changed the text. */
function updateDrafts(form, page) {
  const type = partOf(form, 'type')
  const text = partOf(form, 'text')
  const next = type && page.getElementById(type.id)
  if (!text || !next) return
  const [chosen] = type.selectedOptions
  const isUnchanged = text.value === chosen.dataset.draft
  for (const [index, option] of [...type.options].entries()) {
    option.dataset.draft = next.options[index].dataset.draft
  }
  if (isUnchanged) text.value = chosen.dataset.draft
}

/** Shows the part of the form for the chosen media type, and disables the others, so that they are not required. */
function showPanel(form) {
  const shown = panelOf(form)
  for (const panel of form.querySelectorAll('[data-panel]')) {
    panel.hidden = panel !== shown
    panel.disabled = panel !== shown
  }
}

/** Shows the text of the chosen media type: as the user has left it, or else the draft. */
function chooseType(form) {
  const { text, draft } = bodyTypeOf(form).dataset
  const input = partOf(form, 'text')
  if (input) input.value = text ?? draft ?? ''
  showPanel(form)
}

/** An entity tag belongs to one resource. */
function resetTag(form) {
  const input = form.querySelector('[name=If-Match]')
  if (input) input.value = input.defaultValue
}

/** Reads the entity tag of the resource into If-Match. */
async function readTag(form) {
  if (controlsIn(form, 'path').some((each) => !each.reportValidity())) return
  clearErrors(form)
  const input = form.querySelector('[name=If-Match]')
  const headers = [['Accept', 'application/json'], ...authorizationOf(form)]
  const init = { method: 'HEAD', headers, credentials: 'omit', cache: 'no-store' }
  const response = await fetch(urlOf(form), init).catch(() => undefined)
  const tag = response?.headers.get('ETag')
  if (response?.ok && tag) {
    setTag(form, tag)
    announcer.textContent = `If-Match is ${tag}`
    return
  }
  const reason = `No ETag: ${response?.status ?? 'no response'}`
  mark(input, reason)
  announcer.textContent = reason
}

function prepare(form) {
  const button = form.querySelector('[type=submit]')
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    button.disabled = true
    await send(form).catch((error) => showFailure(form, error))
    button.disabled = false
  })
  form.addEventListener('input', ({ target }) => {
    const { part } = target.dataset
    if (part === 'type') chooseType(form)
    if (part === 'scheme') choosePublicSecret(form)
    if (part === 'text') bodyTypeOf(form).dataset.text = target.value
    if (target.dataset.in === 'path') resetTag(form)
    if ([...NAMES, 'keep'].includes(part)) keepCredentials(form, part === 'keep')
    for (const each of forms) updateCommand(each)
  })
  partOf(form, 'forget')?.addEventListener('click', () => {
    forgetCredentials()
    for (const each of forms) updateCommand(each)
    partOf(form, 'secret').focus()
  })
  partOf(form, 'read')?.addEventListener('click', () => readTag(form))
  showPanel(form)
  form.hidden = false
}

const announcer = element('p', { className: 'announcer', role: 'status' })
const COPIED_MS = 2_000

function addCopyButton(command) {
  if (!navigator.clipboard) return // available over HTTPS and on localhost only
  const button = element('button', { type: 'button' }, 'Copy')
  let timer
  function tell(text) {
    button.textContent = text || 'Copy'
    announcer.textContent = text
  }
  button.addEventListener('click', async () => {
    const copying = navigator.clipboard.writeText(command.querySelector('code').textContent)
    tell(
      await copying.then(
        () => 'Copied',
        () => 'Not allowed',
      ),
    )
    clearTimeout(timer)
    timer = setTimeout(tell, COPIED_MS, '')
  })
  command.prepend(button)
}

for (const form of forms) prepare(form)
showCredentials()
// A page from the back/forward cache still holds credentials that were forgotten meanwhile.
window.addEventListener('pageshow', () => {
  const isKept = credentialInputs('keep').some(({ checked }) => checked)
  if (isKept && !keptCredentials()) clearCredentials(true)
  showCredentials()
})
for (const form of forms) updateCommand(form)
// The forms of this script replace them.
for (const native of document.querySelectorAll('.try .native')) native.hidden = true
for (const command of document.querySelectorAll('.command')) addCopyButton(command)
document.querySelector('main').append(announcer)
