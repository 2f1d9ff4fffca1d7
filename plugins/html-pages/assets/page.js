// Makes the forms work, keeps the page current, and copies commands. Credentials are kept for the tab only if the user
// asks for it.

const forms = [...document.querySelectorAll('form[data-method]')]

async function send(form) {
  clearErrors(form)
  const start = performance.now()
  const response = await fetch(...requestOf(form))
  await showResponse(form, response, performance.now() - start)
  if (!response.ok || form.dataset.method === 'GET') return
  setTag(response.headers.get('ETag') ?? '')
  await refresh(form)
}

/** The next write needs the entity tag of the current version. */
function setTag(etag) {
  if (etag) for (const input of document.getElementsByName('If-Match')) input.value = etag
}

/**
 * Reads the page of the resource again after a write, and shows its new request, response and entity tag. As a document
 * of XMLHttpRequest, the markup of the service needs no parser that Trusted Types forbid.
 */
async function refresh(form) {
  const response = document.getElementById('response')
  if (!response) return
  const page = await readPage(Object.fromEntries(authorizationOf(form)))
  if (!page?.getElementById('response')) return
  for (const selector of ['h1', '.lead', '.within', '#request', '#response']) {
    const [old, current] = [document, page].map((each) => sectionOf(each, selector))
    if (old && current) old.replaceWith(document.importNode(current, true))
  }
  for (const command of document.querySelectorAll('#request ~ .command')) addCopyButton(command)
  const tag = page.querySelector('[name=If-Match]')?.value ?? ''
  for (const input of document.getElementsByName('If-Match')) input.value = tag
  for (const each of forms) {
    if (each !== form) updateDrafts(each, page)
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
  const isUnchanged = text.value === type.selectedOptions[0].dataset.draft
  for (const [index, option] of [...type.options].entries()) {
    option.dataset.draft = next.options[index].dataset.draft
  }
  if (isUnchanged) text.value = type.selectedOptions[0].dataset.draft
}

/** Shows the part of the form for the chosen media type, and disables the others, so that they are not required. */
function showPanel(form) {
  const shown = panelOf(form)
  for (const panel of form.querySelectorAll('[data-panel]')) {
    panel.hidden = panel !== shown
    panel.disabled = panel !== shown
  }
}

const STORED = 'credentials'
const NAMES = ['scheme', 'user', 'secret']

/** Returns the controls of all forms that hold a credential. */
function credentialInputs(name) {
  return forms.flatMap((form) => partOf(form, name) ?? [])
}

function keepCredentials(form) {
  const isKept = partOf(form, 'keep').checked
  const values = NAMES.map((name) => partOf(form, name)?.value ?? '')
  if (!isKept) return forgetCredentials()
  sessionStorage.setItem(STORED, JSON.stringify(values))
  showCredentials()
}

function forgetCredentials() {
  const wasKept = sessionStorage.getItem(STORED) !== null
  sessionStorage.removeItem(STORED)
  for (const input of credentialInputs('keep')) input.checked = false
  for (const button of credentialInputs('forget')) button.hidden = true
  if (!wasKept) return
  for (const input of [...credentialInputs('user'), ...credentialInputs('secret')]) input.value = ''
}

function showCredentials() {
  const stored = sessionStorage.getItem(STORED)
  if (!stored) return
  for (const [index, value] of JSON.parse(stored).entries()) {
    for (const input of credentialInputs(NAMES[index])) input.value = value
  }
  for (const input of credentialInputs('keep')) input.checked = true
  for (const button of credentialInputs('forget')) button.hidden = false
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
    if (part === 'type') {
      const { draft } = target.selectedOptions[0].dataset
      const text = partOf(form, 'text')
      if (text && draft) text.value = draft
      showPanel(form)
    }
    if ([...NAMES, 'keep'].includes(part)) keepCredentials(form)
    for (const each of forms) updateCommand(each)
  })
  partOf(form, 'forget')?.addEventListener('click', () => {
    forgetCredentials()
    for (const each of forms) updateCommand(each)
    partOf(form, 'secret').focus()
  })
  showPanel(form)
  form.hidden = false
}

const announcer = element('p', { className: 'announcer', role: 'status' })
const COPIED_MS = 2_000

function addCopyButton(command) {
  if (!navigator.clipboard) return // available over HTTPS and on localhost only
  const button = element('button', { type: 'button' }, 'Copy')
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(command.querySelector('code').textContent)
    button.textContent = 'Copied'
    announcer.textContent = 'Copied'
    setTimeout(() => {
      button.textContent = 'Copy'
      announcer.textContent = ''
    }, COPIED_MS)
  })
  command.prepend(button)
}

for (const form of forms) prepare(form)
showCredentials()
for (const form of forms) updateCommand(form)
// The forms of this script replace them.
for (const native of document.querySelectorAll('.try .native')) native.hidden = true
for (const command of document.querySelectorAll('.command')) addCopyButton(command)
document.querySelector('main').append(announcer)
