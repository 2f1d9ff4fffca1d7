// Credentials of the forms, for `fetch` and for curl. They are kept for the tab only if the user asks for it.
// biome-ignore-all lint/correctness/noUnusedVariables: request.js and page.js call the functions

/** Returns the credentials that a form holds; undefined if it has no fields for them. */
function credentialsOf(form) {
  const scheme = partOf(form, 'scheme')
  if (!scheme) return undefined
  const [option] = scheme.selectedOptions
  return {
    scheme: option.value,
    hasToken: option.dataset.secret === 'token',
    user: partOf(form, 'user')?.value ?? '',
    secret: partOf(form, 'secret').value,
  }
}

/** Returns the Authorization header field for a form's credentials, if any (RFC 7617 §2, RFC 6750 §2.1). */
function authorizationOf(form) {
  const { scheme, hasToken, user, secret } = credentialsOf(form) ?? {}
  if (!secret && (hasToken || !user)) return []
  if (hasToken) return [['Authorization', `${scheme} ${secret}`]]
  const bytes = new TextEncoder().encode(`${user}:${secret}`)
  return [['Authorization', `${scheme} ${btoa(String.fromCharCode(...bytes))}`]]
}

/** Returns the name, password or token of the public account, as the form shows it. */
function publicValue(form, name) {
  return form.querySelector(`.account .${name}`)?.textContent
}

/** Returns the options of curl for the credentials. Secrets are not shown, except those of the public account. */
function credentialOptions(form) {
  const isSent = authorizationOf(form).length > 0 || form.querySelector('[data-placeholder]')
  if (!isSent) return []
  const { scheme, hasToken, user, secret } = credentialsOf(form)
  if (hasToken) {
    return [
      '-H',
      `Authorization: ${scheme} ${secret === publicValue(form, 'token') ? secret : 'TOKEN'}`,
    ]
  }
  const isPublic = user === publicValue(form, 'user') && secret === publicValue(form, 'password')
  return ['-u', isPublic ? `${user}:${secret}` : user || 'NAME']
}

/** Replaces the password of the public account by its token, or the reverse, after the choice of a scheme. */
function choosePublicSecret(form) {
  const names = ['password', 'token']
  const input = partOf(form, 'secret')
  const isPublic = names.some((name) => input.value && input.value === publicValue(form, name))
  if (isPublic) input.value = publicValue(form, names[Number(credentialsOf(form).hasToken)])
}

const STORED = 'credentials'
const NAMES = ['scheme', 'user', 'secret']

/** Returns the controls of all forms that hold a credential. */
function credentialInputs(name) {
  return forms.flatMap((form) => partOf(form, name) ?? [])
}

/** Returns the kept credentials; undefined if there are none, or the browser has no storage for the tab. */
function keptCredentials() {
  try {
    const values = JSON.parse(sessionStorage.getItem(STORED))
    return Array.isArray(values) ? values : undefined
  } catch {
    return undefined
  }
}

/** Keeps credentials, or removes them if `values` is undefined. Without storage, they are not kept. */
function storeCredentials(values) {
  try {
    if (values) sessionStorage.setItem(STORED, JSON.stringify(values))
    else sessionStorage.removeItem(STORED)
  } catch {
    announcer.textContent = 'The browser has no storage for this tab.'
  }
}

/** @param isNew true if the user has just chosen to keep the credentials */
function keepCredentials(form, isNew) {
  if (!partOf(form, 'keep').checked) return forgetCredentials()
  const values = NAMES.map((name) => partOf(form, name)?.value ?? '')
  const isEmpty = values.slice(1).join('') === ''
  if (isNew && isEmpty) return // another form may hold some
  storeCredentials(values)
  showCredentials()
}

function forgetCredentials() {
  const wasKept = keptCredentials() !== undefined
  storeCredentials()
  clearCredentials(wasKept)
}

function clearCredentials(wasKept) {
  for (const input of credentialInputs('keep')) input.checked = false
  for (const button of credentialInputs('forget')) button.hidden = true
  if (!wasKept) return
  for (const select of credentialInputs('scheme')) select.selectedIndex = 0
  for (const input of [...credentialInputs('user'), ...credentialInputs('secret')]) {
    input.value = input.defaultValue
  }
}

function showCredentials() {
  const kept = keptCredentials()
  if (!kept) return
  for (const [index, value] of kept.entries()) {
    for (const input of credentialInputs(NAMES[index])) input.value = value
  }
  for (const input of credentialInputs('keep')) input.checked = true
  for (const button of credentialInputs('forget')) button.hidden = false
}
