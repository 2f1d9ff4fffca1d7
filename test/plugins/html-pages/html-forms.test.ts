import t from 'tap'
import { draftsOf } from '../../../plugins/html-pages/body.ts'
import { renderHtmlForms } from '../../../plugins/html-pages/html-forms.ts'
import { html } from '../../../src/http/html.ts'
import { readPage } from '../../page.ts'

const URLENCODED = 'application/x-www-form-urlencoded'
const MULTIPART = 'multipart/form-data'

/** Returns the forms of a POST route. Each field is written as `element name`, or as `input name type`. */
function formsOf(body: unknown) {
  const route = { method: 'POST', path: '/x', schema: { body } }
  const drafts = draftsOf(route, [route], undefined)
  const markup = String(html`${renderHtmlForms(drafts)}`)
  const controls = readPage(markup).elements.filter(({ attributes }) => attributes.name)
  return {
    markup,
    mediaTypes: [...markup.matchAll(/enctype="([^"]+)"/g)].map(([, mediaType]) => mediaType),
    fields: controls.map(({ name, attributes }) =>
      [name, attributes.name, attributes.type].filter(Boolean).join(' '),
    ),
  }
}

t.test('an HTML form has the members of the example as fields', async (t) => {
  const schema = { type: 'object', examples: [{ title: 'A & B', tags: ['a', 'b'] }] }
  const { markup, mediaTypes, fields } = formsOf({ content: { [URLENCODED]: { schema } } })
  t.same(mediaTypes, [URLENCODED])
  t.same(fields, ['textarea title', 'textarea tags', 'textarea tags'])
  t.match(markup, '>\nA &amp; B</textarea>')
  const ids = [...markup.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
  t.equal(new Set(ids).size, 3, 'each field has an id of its own')
  t.same(
    [...markup.matchAll(/<label for="([^"]+)">(\w+)/g)].map(([, id, label]) => [id, label]),
    ids.map((id, index) => [id, ['title', 'tags', 'tags'][index]]),
  )
})

t.test(
  'a multipart form has the members of the example and the files of the schema as fields',
  async (t) => {
    const schema = {
      type: 'object',
      properties: {
        title: { type: 'string' },
        note: { type: 'string' },
        cover: { contentMediaType: 'image/png' },
        text: { type: 'string', format: 'binary' },
      },
      examples: [{ title: 'A' }],
    }
    const { mediaTypes, fields } = formsOf({ content: { [MULTIPART]: { schema } } })
    t.same(mediaTypes, [MULTIPART])
    t.same(fields, ['textarea title', 'input cover file', 'input text file'])
  },
)

t.test(
  'a form whose fields are not known has a file, and other media types have no form',
  async (t) => {
    t.same(formsOf(undefined).fields, ['input file file'])
    t.equal(formsOf({ examples: [{ title: 'JSON' }] }).markup, '')
  },
)
