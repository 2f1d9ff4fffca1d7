import { kindOf } from '../../src/http/body.ts'
import { type Fragment, type Html, html } from '../../src/http/html.ts'
import type { Draft } from './body.ts'
import type { FormPart } from './curl.ts'

/** Renders forms that work without JavaScript. The script of the page replaces them by its own form. */
export function renderHtmlForms(drafts: Draft[]): Fragment {
  return drafts.map((draft) => {
    const { mediaType } = draft
    const parts = partsOf(draft)
    return (
      parts.length > 0 &&
      html`<form class="native" method="post" enctype="${mediaType}">
${parts.map((part, index) => renderPart(`${kindOf(mediaType)}-${index}`, part))}
<p><button type="submit">Send as ${mediaType}</button></p>
</form>\n`
    )
  })
}

/** Returns the parts of a form; none for a media type that HTML forms cannot send. */
function partsOf({ mediaType, text, parts = [] }: Draft): FormPart[] {
  if (kindOf(mediaType) !== 'form') return parts
  return [...new URLSearchParams(text)].map(([name, value]) => ({ name, value }))
}

/** Renders a text area or a file input. */
export function renderPart(id: string, { name, value }: FormPart): Html {
  return html`<p class="field"><label for="${id}">${name}</label>
${
  value === undefined
    ? html`<input id="${id}" name="${name}" type="file" required>`
    : html`<textarea id="${id}" name="${name}" rows="3">
${value}</textarea>`
}</p>\n`
}
