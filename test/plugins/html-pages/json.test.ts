import t from 'tap'
import { renderJson } from '../../../plugins/html-pages/json.ts'
import { readPage } from '../../page.ts'

/** Renders a document, and returns its text and its links. */
function read(document: unknown, path = '/list', isReadable = (_path: string) => true) {
  const markup = `<!doctype html><title>t</title><pre>${renderJson(document, path, isReadable)}</pre>`
  const { elements } = readPage(markup)
  const links = elements.filter(({ name }) => name === 'a')
  return {
    text: elements.find(({ name }) => name === 'pre')?.text,
    links: links.map(({ attributes, text }) => [text, attributes.href]),
  }
}

const DOCUMENTS = [
  {},
  [],
  null,
  'text',
  '<b>"\\\u2028',
  1.5e300,
  [1, [], {}, [[true]], { a: { b: [null] } }],
  { '': 1, 'a"b': '</pre>', items: 'none', id: 1 },
  { items: [{ id: 1, title: 'a' }, { 2: 'b' }, 3, null, {}] },
]

for (const document of DOCUMENTS) {
  t.test(
    `renderJson() renders ${encodeURIComponent(JSON.stringify(document))} as JSON`,
    async (t) => {
      t.equal(read(document).text, JSON.stringify(document, null, 2))
    },
  )
}

t.test(
  'renderJson() links items of a list by their id, or by the name of their only member',
  async (t) => {
    const items = [{ id: 1, self: '/x' }, { 'a/b': 'c' }, { id: 7 }, 4, [5], { a: 1, b: 2 }]
    t.same(read({ items }).links, [
      ['1', '/list/1'],
      ['"/x"', '/x'],
      ['"a/b"', '/list/a%2Fb'],
      ['7', '/list/7'],
    ])
    t.same(
      read({ items }, '/list', () => false).links,
      [],
      'items that cannot be read are not linked',
    )
  },
)

t.test('renderJson() does not link ids outside of lists', async (t) => {
  t.same(read({ id: 1, other: [{ id: 2 }], items: { id: 3 } }).links, [])
  t.same(read([{ id: 1 }]).links, [])
  t.same(read({ items: [{ inner: { id: 1 }, id: 'a' }] }).links, [['"a"', '/list/a']])
})
