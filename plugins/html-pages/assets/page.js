// Sends forms with methods and media types that HTML does not support, and copies commands. Responses are shown as
// text, never as markup. Credentials are not stored outside their form.

/** Returns the Authorization header field for a form's credentials, if any (RFC 7617 §2, RFC 6750 §2.1). */
function authorizationOf(form, { scheme, user, secret }) {
  if (!user && !secret) return {}
  const [option] = form.elements.namedItem('scheme').selectedOptions
  if (option.dataset.secret === 'token') return { authorization: `${scheme} ${secret}` }
  const bytes = new TextEncoder().encode(`${user}:${secret}`)
  return { authorization: `${scheme} ${btoa(String.fromCharCode(...bytes))}` }
}

/** Returns the options for `fetch`; empty fields are not sent. */
function requestOf(form) {
  const { body, ...fields } = Object.fromEntries(new FormData(form))
  const headers = { accept: 'application/json', ...authorizationOf(form, fields) }
  for (const name of ['content-type', 'idempotency-key', 'if-match']) {
    if (fields[name]) headers[name] = fields[name]
  }
  // With `omit`, the browser neither adds stored credentials nor asks for credentials.
  return { method: form.dataset.method, headers, body, credentials: 'omit' }
}

function indent(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

function show(output, text) {
  const shown = document.createElement('pre')
  shown.textContent = text
  output.replaceChildren(shown)
}

/** Adds a link to the created resource, or to the resource of this page. */
function showLink(output, response) {
  const location = new URL(response.headers.get('location') ?? pageUrl(), document.baseURI)
  if (!response.ok || location.origin !== window.location.origin) return
  const link = document.createElement('a')
  link.href = location
  link.textContent = `Open ${location.pathname}`
  output.append(link)
}

/** Returns the URL of this page without query and fragment. */
function pageUrl() {
  const url = new URL(window.location.href)
  url.search = ''
  url.hash = ''
  return url
}

async function send(form) {
  const output = form.querySelector('output')
  const response = await fetch(pageUrl(), requestOf(form))
  const fields = [...response.headers].map(([name, value]) => `${name}: ${value}`)
  const text = indent(await response.text())
  show(output, [`${response.status} ${response.statusText}`, ...fields, '', text].join('\n').trim())
  showLink(output, response)
  // The next write needs the entity tag of the version that this write created.
  const etag = response.ok && response.headers.get('etag')
  if (etag) for (const field of document.getElementsByName('if-match')) field.value = etag
}

for (const form of document.querySelectorAll('form[data-method]')) {
  form.hidden = false
  const button = form.querySelector('button')
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    button.disabled = true
    await send(form).catch((error) => show(form.querySelector('output'), String(error)))
    button.disabled = false
  })
  const type = form.elements.namedItem('content-type')
  type?.addEventListener('change', () => {
    form.elements.namedItem('body').value = type.selectedOptions[0].dataset.draft
  })
}

// Hides each HTML form whose media type can also be sent with the form of this script.
for (const form of document.querySelectorAll('form[enctype="application/x-www-form-urlencoded"]')) {
  form.hidden = true
}

// The clipboard is available over HTTPS and on localhost only.
if (navigator.clipboard) {
  for (const command of document.querySelectorAll('.command')) {
    const button = document.createElement('button')
    button.type = 'button'
    button.textContent = 'Copy'
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(command.querySelector('code').textContent)
      button.textContent = 'Copied'
    })
    command.prepend(button)
  }
}
