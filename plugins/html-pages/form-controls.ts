import { SCHEME_INFO, type Scheme } from '../../src/http/authentication-schemes.ts'
import { type Html, html } from '../../src/http/html.ts'
import type { Draft } from './body.ts'

/** Renders a choice of media types, and a text area with the first draft. */
export function renderBody(method: string, drafts: Draft[]): Html {
  const id = `${method}-body`
  const options = drafts.map(
    ({ mediaType, text }) => html`<option data-draft="${text}">${mediaType}</option>\n`,
  )
  return html`<p class="field"><label for="${method}-type">Content-Type</label>
<select id="${method}-type" name="content-type" autocomplete="off">
${options}</select></p>
<p class="field"><label for="${id}">Body</label>
<textarea id="${id}" name="body" rows="8" spellcheck="false" autocomplete="off">
${drafts[0]?.text}</textarea></p>`
}

export function renderInput(
  method: string,
  label: string,
  { name, type = 'text', value = '' }: { name: string; type?: string; value?: string },
): Html {
  const id = `${method}-${name}`
  return html`<p class="field"><label for="${id}">${label}</label>
<input id="${id}" name="${name}" type="${type}" value="${value}" autocomplete="off" spellcheck="false"></p>`
}

/** Renders a choice of authentication schemes. `data-secret` tells page.js how to write the credentials. */
export function renderCredentials(method: string, schemes: readonly Scheme[]): Html {
  const secretOf = (scheme: Scheme) => SCHEME_INFO[scheme].secret
  const secrets = [...new Set(schemes.map(secretOf))]
  const label = secrets.join(' or ').replace(/^./, (letter) => letter.toUpperCase())
  return html`<fieldset>
<legend>Authorization</legend>
<p class="field"><label for="${method}-scheme">Scheme</label>
<select id="${method}-scheme" name="scheme" autocomplete="off">
${schemes.map((scheme) => html`<option data-secret="${secretOf(scheme)}">${scheme}</option>\n`)}</select></p>
${secrets.includes('password') && renderInput(method, 'Name', { name: 'user' })}
${renderInput(method, label, { name: 'secret', type: 'password' })}
</fieldset>`
}
