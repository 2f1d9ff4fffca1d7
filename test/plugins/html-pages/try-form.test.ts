import t from 'tap'
import { draftsOf } from '../../../plugins/html-pages/body.ts'
import { acceptsOf } from '../../../plugins/html-pages/example-call.ts'
import { renderTryForm } from '../../../plugins/html-pages/try-form.ts'
import { readPage } from '../../page.ts'

/** Renders the form of a POST with a body in these media types. */
function formOf(content: object) {
  const route = { method: 'POST', path: '/x', schema: { body: { content } } }
  const call = {
    ...{ route, url: 'http://a/x', inputs: [], accepts: acceptsOf(route), schemes: [] },
    drafts: draftsOf(route, [route], undefined),
  }
  const markup = String(renderTryForm(call, 'h2'))
  const { elements, errors } = readPage(`<!doctype html><title>A</title>${markup}`)
  t.same(errors, [], 'the markup is valid HTML')
  const panels = elements.flatMap(({ attributes }) => attributes['data-panel'] ?? [])
  const text = elements.find(({ name }) => name === 'textarea')?.text
  const command = elements.find(({ name }) => name === 'code')?.text.replaceAll(' \\\n ', '')
  return { panels, text, command }
}

const FILE = { 'image/png': { schema: {} } }
const TEXT = { 'text/plain': { schema: { examples: ['Hello'] } } }

t.test('a form has a part for texts, for files and for each kind of form', async (t) => {
  const file = formOf(FILE)
  t.same(file.panels, ['file'])
  t.match(file.command, '--data-binary @FILE')
  const mixed = formOf({ ...FILE, ...TEXT, 'multipart/form-data': { schema: {} } })
  t.same(mixed.panels, ['text', 'multipart/form-data', 'file'])
  t.equal(mixed.text, 'Hello', 'the text is there before its media type is chosen')
  t.match(formOf({ 'multipart/form-data': { schema: {} } }).command, '-F file=@FILE')
})

t.test('the default of Accept is JSON if there is any', async (t) => {
  const acceptsWith = (...mediaTypes: string[]) => {
    const content = Object.fromEntries(mediaTypes.map((each) => [each, {}]))
    const response = mediaTypes.length > 0 ? { 200: { content }, 404: {} } : { 204: {} }
    return acceptsOf({ method: 'GET', path: '/x', schema: { response } })
  }
  t.same(acceptsWith('text/plain', 'application/json'), ['application/json', 'text/plain'])
  t.same(acceptsWith('text/plain', 'text/csv'), ['text/plain', 'text/csv'])
  t.same(acceptsWith(), ['application/json'])
})
