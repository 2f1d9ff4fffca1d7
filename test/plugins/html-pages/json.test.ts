import t from 'tap'
import { renderJson, SHOWN_CHARACTERS } from '../../../plugins/html-pages/json.ts'
import { readPage } from '../../page.ts'

/** Renders a document, and returns its text and its links. */
function read(document: unknown, path = '/list', isReadable = (_path: string) => true) {
  const { markup, isCut } = renderJson(document, path, isReadable)
  const { elements } = readPage(`<!doctype html><title>t</title><pre>${markup}</pre>`)
  const links = elements.filter(({ name }) => name === 'a')
  return {
    text: elements.find(({ name }) => name === 'pre')?.text,
    links: links.map(({ attributes, text }) => [text, attributes.href]),
    isCut,
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

/** Documents that are too long, except the first, which has exactly the length that is shown. */
const LONG: Record<string, unknown> = {
  'a string of the maximum length': 'a'.repeat(SHOWN_CHARACTERS - 2),
  'a longer string': 'a'.repeat(SHOWN_CHARACTERS - 1),
  'a string of quotes': '"'.repeat(1_000_000),
  'a long member': { a: 1, b: 'b'.repeat(SHOWN_CHARACTERS), c: 'c' },
  'a long name': { ['a'.repeat(SHOWN_CHARACTERS)]: 1, b: 2 },
  'many members': Object.fromEntries(Array.from({ length: 50_000 }, (_, id) => [`id${id}`, id])),
  'many items': Array(200_000).fill([{}]),
  'many nested items': Array(8_000).fill([[{ a: [true] }]]),
}

for (const [title, document] of Object.entries(LONG)) {
  t.test(`renderJson() shows the beginning of ${title}`, async (t) => {
    const whole = JSON.stringify(document, null, 2)
    const { text, isCut } = read(document)
    t.equal(text, whole.slice(0, SHOWN_CHARACTERS))
    t.equal(isCut, whole.length > SHOWN_CHARACTERS)
  })
}

t.test('renderJson() does not link a text that is cut', async (t) => {
  const long = 'a'.repeat(SHOWN_CHARACTERS)
  t.same(read(`http://${long}`).links, [])
  t.same(read({ items: [{ id: long }] }).links, [])
  t.same(read({ items: [{ [long]: 1 }] }).links, [])
  t.same(read({ a: '/x', b: long }).links, [['"/x"', '/x']], 'the text before it is linked')
})
