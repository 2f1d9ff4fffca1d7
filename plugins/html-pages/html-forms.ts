import { consumedBy, kindOf } from '../../src/http/body.ts'
import { type Fragment, type Html, html } from '../../src/http/html.ts'
import { schemaOf } from './body.ts'
import { exampleOf, type Schema } from './example.ts'
import type { ExampleCall } from './example-call.ts'

/** A form field; a file input if `value` is undefined. */
interface Field {
  name: string
  value?: string
}

/** Renders forms that work without JavaScript. page.js hides them if its own form can replace them. */
export function renderHtmlForms(call: ExampleCall): Fragment {
  return consumedBy(call.route.schema.body).map((mediaType) => {
    const fields = fieldsOf(mediaType, call)
    return (
      fields.length > 0 &&
      html`<form class="native" method="post" enctype="${mediaType}">
${fields.map((field, index) => renderField(`${kindOf(mediaType)}-${index}`, field))}
<p><button type="submit">Send as ${mediaType}</button></p>
</form>\n`
    )
  })
}

/** Returns the fields of a form; none for a media type that HTML forms cannot send. */
function fieldsOf(mediaType: string, { route, drafts }: ExampleCall): Field[] {
  const kind = kindOf(mediaType)
  if (kind === 'multipart') return partsOf(schemaOf(route.schema.body, mediaType))
  if (kind !== 'form') return []
  const draft = drafts.find((each) => each.mediaType === mediaType)
  return [...new URLSearchParams(draft?.text)].map(([name, value]) => ({ name, value }))
}

/** Returns a file input for each file in the schema, and a text field for each member of its example. */
function partsOf(schema: Schema): Field[] {
  const example = Object(exampleOf(schema))
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    if (isFile(property)) return { name }
    return Object.hasOwn(example, name) ? { name, value: String(example[name]) } : []
  })
}

function isFile({ contentMediaType, format }: Schema): boolean {
  return contentMediaType !== undefined || format === 'binary'
}

function renderField(id: string, { name, value }: Field): Html {
  return html`<p class="field"><label for="${id}">${name}</label>
${
  value === undefined
    ? html`<input id="${id}" name="${name}" type="file" required>`
    : html`<textarea id="${id}" name="${name}" rows="3">
${value}</textarea>`
}</p>\n`
}
