import { SCHEME_INFO, type Scheme } from '../../src/http/authentication-schemes.ts'
import { kindOf } from '../../src/http/body.ts'
import { type Fragment, type Html, html } from '../../src/http/html.ts'
import type { Draft } from './body.ts'
import type { TrialAccount } from './curl.ts'
import type { Schema } from './example.ts'
import type { ExampleCall, Input } from './example-call.ts'
import { renderPart } from './html-forms.ts'

/** Renders a parameter. `data-in` tells the script in which part of the request to send it. */
export function renderInput(prefix: string, input: Input): Html {
  const { name, schema, value } = input
  const id = `${prefix}-${name.replace(/[^\w-]/g, '-')}`
  const isRequired = input.in === 'path'
  const hint = html` aria-describedby="${id}-hint" data-hint="${id}-hint"`
  const common = html`id="${id}" name="${name}" data-in="${input.in}" autocomplete="off"${input.hint && hint}`
  const choices = choicesOf(schema)
  return html`<p class="field"><label for="${id}">${name}</label>
${
  choices
    ? html`<select ${common}${schema.items && html` multiple`}>
${!schema.items && html`<option value="">not sent</option>`}
${choices.map((choice) => renderChoice(choice, [value]))}</select>`
    : html`<input ${common} value="${value}" spellcheck="false"${isRequired && html` required`}>`
}${
  input.hint &&
  html`
<span class="hint" id="${id}-hint">${input.hint}</span>`
}${
  input.readsTag &&
  html`
<button type="button" data-part="read">Read ETag</button>`
}</p>\n`
}

/** Returns the values among which a parameter chooses, if its schema lists them. */
export function choicesOf(schema: Schema): string[] | undefined {
  const { type, enum: choices } = schema.items ?? schema
  return choices?.map(String) ?? (type === 'boolean' ? ['true', 'false'] : undefined)
}

export function renderChoice(choice: string, selected: string[]): Html {
  return html`<option${selected.includes(choice) && html` selected`}>${choice}</option>\n`
}

export function renderAccept(prefix: string, accepts: string[]): Html {
  return html`<p class="field"><label for="${prefix}-accept">Accept</label>
<select id="${prefix}-accept" name="Accept" data-in="header" autocomplete="off">
${accepts.map((mediaType) => html`<option>${mediaType}</option>\n`)}</select></p>`
}

/**
 * Renders a choice of media types, a text area with the first text, and inputs for forms and files. The script shows those
 * of the chosen media type.
 */
export function renderBody(prefix: string, drafts: Draft[]): Fragment {
  const [first] = drafts
  if (!first) return undefined
  const options = drafts.map(
    (draft) =>
      html`<option data-kind="${panelOf(draft)}" data-draft="${draft.text}">${draft.mediaType}</option>\n`,
  )
  const { text } = drafts.find((draft) => draft.text !== undefined) ?? {}
  return html`<p class="field"><label for="${prefix}-type">Content-Type</label>
<select id="${prefix}-type" data-part="type" autocomplete="off">
${options}</select></p>
${
  text !== undefined &&
  renderPanel(
    'text',
    html`<p class="field"><label for="${prefix}-body">Body</label>
<textarea id="${prefix}-body" data-part="text" rows="${rowsFor(first.text ?? text)}" spellcheck="false" autocomplete="off">
${first.text ?? text}</textarea></p>`,
  )
}
${drafts.map((draft) => draft.parts && renderParts(prefix, draft))}
${
  drafts.some((draft) => panelOf(draft) === 'file') &&
  renderPanel('file', renderPart(`${prefix}-file`, { name: 'File' }))
}`
}

/** Returns the height of a text area, in lines. */
function rowsFor(text: string): number {
  return Math.min(16, Math.max(4, text.split('\n').length + 1))
}

/** Returns the name of the part of the form that edits a draft. */
function panelOf({ mediaType, text, parts }: Draft): string {
  if (parts) return mediaType
  return text === undefined ? 'file' : 'text'
}

function renderParts(prefix: string, { mediaType, parts = [] }: Draft): Html {
  return renderPanel(
    mediaType,
    parts.map((part, index) => renderPart(`${prefix}-${kindOf(mediaType)}-${index}`, part)),
  )
}

function renderPanel(kind: string, content: Fragment): Html {
  return html`<fieldset class="panel" data-panel="${kind}" aria-label="Body">
${content}
</fieldset>\n`
}

/**
 * Renders a choice of authentication schemes. `data-secret` tells the script how to write the credentials, `data-part`
 * names the controls, and `data-placeholder` lets the command have placeholders instead of empty credentials. If the
 * route requires credentials, those of the public account are filled in, so that the form works as it is.
 */
export function renderCredentials(
  prefix: string,
  { route, schemes, account }: Pick<ExampleCall, 'route' | 'schemes' | 'account'>,
): Html {
  const { isProtected } = route
  const secretOf = (scheme: Scheme) => SCHEME_INFO[scheme].secret
  const secrets = [...new Set(schemes.map(secretOf))]
  const label = secrets.join(' or ').replace(/^./, (letter) => letter.toUpperCase())
  const field = (name: string, text: string, type: string, value: string | undefined) => {
    return html`<p class="field"><label for="${prefix}-${name}">${text}</label>
<input id="${prefix}-${name}" data-part="${name}" type="${type}" value="${isProtected && value}" autocomplete="off" spellcheck="false"></p>`
  }
  return html`<fieldset class="credentials"${isProtected && !account && html` data-placeholder`}>
<legend>Authorization${!isProtected && ' (optional)'}</legend>
<p class="field"><label for="${prefix}-scheme">Scheme</label>
<select id="${prefix}-scheme" data-part="scheme" autocomplete="off">
${schemes.map((scheme) => html`<option data-secret="${secretOf(scheme)}">${scheme}</option>\n`)}</select></p>
${secrets.includes('password') && field('user', 'Name', 'text', account?.user)}
${field('secret', label, 'password', secrets[0] && account?.[secrets[0]])}
${isProtected && account && renderAccount(account, secrets)}
<p class="keep"><label><input data-part="keep" type="checkbox" autocomplete="off"> Keep in this tab</label>
<button type="button" data-part="forget" hidden>Forget</button></p>
</fieldset>`
}

/** Shows the trial account. The script adds its secrets to the command, which shows no others. */
export function renderAccount(
  { user, password, token }: TrialAccount,
  secrets: readonly string[],
): Html {
  const parts: Fragment[] = [
    secrets.includes('password') &&
      html`name <code class="user">${user}</code>, password <code class="password">${password}</code>`,
    secrets.length > 1 && ', or ',
    secrets.includes('token') && html`token <code class="token">${token}</code>`,
  ]
  return html`<p class="account">To try on this machine: ${parts}</p>`
}
