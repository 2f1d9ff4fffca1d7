// What a page can do beyond reading: it sends the methods and media types that HTML forms lack, and copies
// commands. Whatever a reply holds is shown as text. Credentials stay in their form, and in it alone.

/** Gives the Authorization that a form asks for (RFC 7617 §2, RFC 6750 §2.1); none where it is empty. */
function authorizationOf(fields) {
  const { scheme, user, secret } = fields
  if (!user && !secret) return {}
  if (scheme === 'Bearer') return { authorization: `Bearer ${secret}` }
  const octets = new TextEncoder().encode(`${user}:${secret}`)
  return { authorization: `Basic ${btoa(String.fromCharCode(...octets))}` }
}

/** The request of a form: what is empty is not sent. */
function requestOf(form) {
  const { body, ...fields } = Object.fromEntries(new FormData(form))
  const headers = { accept: 'application/json', ...authorizationOf(fields) }
  for (const name of ['content-type', 'idempotency-key', 'if-match']) {
    if (fields[name]) headers[name] = fields[name]
  }
  // what the browser knows of credentials is not asked for, nor does it ask
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

/** Links to what was written, or what is left. */
function showLink(output, reply) {
  const location = new URL(reply.headers.get('location') ?? pageUrl(), document.baseURI)
  if (!reply.ok || location.origin !== window.location.origin) return
  const link = document.createElement('a')
  link.href = location
  link.textContent = `Open ${location.pathname}`
  output.append(link)
}

/** The resource of this page. */
function pageUrl() {
  const url = new URL(window.location.href)
  url.search = ''
  url.hash = ''
  return url
}

async function send(form) {
  const output = form.querySelector('output')
  const reply = await fetch(pageUrl(), requestOf(form))
  const fields = [...reply.headers].map(([name, value]) => `${name}: ${value}`)
  const text = indent(await reply.text())
  show(output, [`${reply.status} ${reply.statusText}`, ...fields, '', text].join('\n').trim())
  showLink(output, reply)
  // the next write is of what this one has made
  const etag = reply.ok && reply.headers.get('etag')
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

// the script's form sends the same, and any other media type
for (const form of document.querySelectorAll('form[enctype="application/x-www-form-urlencoded"]')) {
  form.hidden = true
}

// only where the connection is secure, or of this machine
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
