import t from 'tap'
import { type Draft, draftsOf } from '../../../plugins/html-pages/body.ts'
import { patchContent } from '../../../src/http/patch.ts'

const fields = {
  type: 'object',
  properties: { 'a/b': { type: 'string' }, c: { type: 'integer' } },
  required: ['c'],
}
const put = { method: 'PUT', path: '/x/:id', schema: { body: fields } }
const patch = {
  method: 'PATCH',
  path: '/x/:id',
  schema: { body: { content: patchContent({ a: 1 }) } },
}
const current = { id: 1, 'a/b': 'now', c: 2 }

const read = (drafts: Draft[]) => drafts.map(({ text }) => JSON.parse(String(text)))

t.test(
  'the draft of a PUT is the current representation, without members that PUT does not accept',
  async (t) => {
    t.same(read(draftsOf(put, [put], current)), [{ 'a/b': 'now', c: 2 }])
    t.same(read(draftsOf(put, [put], { c: 2 })), [{ c: 2 }])
    t.same(
      read(draftsOf(put, [put], { other: 1 })),
      [{ c: 1 }],
      'the draft is an example if the representation lacks required members',
    )
    t.same(
      read(draftsOf(put, [put], undefined)),
      [{ c: 1 }],
      'the draft is an example if the representation is unknown',
    )
    const names = { ...put, schema: { body: { type: 'object' } } }
    t.same(read(draftsOf(names, [names], { 2: 'steve' })), [{ 2: 'steve' }])
  },
)

t.test('the draft of a PATCH replaces the first member', async (t) => {
  const drafts = draftsOf(patch, [put, patch], current)
  t.same(
    drafts.map(({ mediaType }) => mediaType),
    ['application/merge-patch+json', 'application/json-patch+json', 'application/json'],
  )
  t.same(read(drafts), [
    { 'a/b': 'now' },
    [{ op: 'replace', path: '/a~1b', value: 'now' }],
    { 'a/b': 'now' },
  ])
  const example = [{ name: 'value' }, [{ op: 'replace', path: '/name', value: 'value' }], { a: 1 }]
  t.same(
    read(draftsOf(patch, [patch], current)),
    example,
    'without a known member, the draft replaces an example member',
  )
  const titled = {
    properties: { title: {}, body: {} },
    required: ['title'],
    examples: [{ title: 'A' }],
  }
  const replace = { ...put, schema: { body: titled } }
  for (const other of [undefined, { id: 1 }]) {
    t.same(
      read(draftsOf(patch, [replace, patch], other)).slice(0, 2),
      [{ title: 'A' }, [{ op: 'replace', path: '/title', value: 'A' }]],
      'without the representation, the draft has a member that PUT accepts',
    )
  }
  const untitled = { ...put, schema: { body: { ...titled, examples: [{}] } } }
  t.same(read(draftsOf(patch, [untitled, patch], undefined))[0], { name: 'value' })
})

t.test('the drafts of a POST are examples in each media type', async (t) => {
  const post = { method: 'POST', path: '/x', schema: {} }
  const all = draftsOf(post, [post, put], current)
  const drafts = Object.fromEntries(all.map(({ mediaType, text }) => [mediaType, text]))
  t.same(
    all.filter(({ text }) => text === undefined),
    [
      { mediaType: 'multipart/form-data', parts: [{ name: 'file' }] },
      { mediaType: 'application/octet-stream' },
    ],
    'forms and binary data have no text',
  )
  t.equal(drafts['text/plain'], 'Hello')
  t.equal(drafts['application/json'], '{}')
  t.match(drafts['text/xml'], /^<\?xml .*\n<example><\/example>\n$/)
  t.equal(drafts['application/x-www-form-urlencoded'], '')
})

const book = { type: 'object', title: 'Book', examples: [{ title: 'A & B', tags: ['a', 'b'] }] }

const cover = { contentMediaType: 'image/png' }

const DRAFTS: [mediaType: string, schema: object, draft: string | object | undefined][] = [
  ['text/plain', { type: 'string', examples: ['Hello Text'] }, 'Hello Text'],
  ['text/plain', { enum: [1, 2] }, '1'],
  ['application/vnd.example+json', { examples: [1] }, '1'],
  ['application/x-www-form-urlencoded', book, 'title=A%20%26%20B&tags=a&tags=b'],
  ['application/x-www-form-urlencoded', { examples: ['a=1'] }, 'a=1'],
  ['application/xml', { examples: ['<a/>'] }, '<a/>'],
  [
    'application/atom+xml',
    book,
    '<?xml version="1.0" encoding="UTF-8"?>\n<book><title>A &amp; B</title><tags><item>a</item><item>b</item></tags></book>\n',
  ],
  ['text/csv', { examples: ['a,b'] }, 'a,b'],
  ['image/png', {}, undefined],
  ['application/zip', {}, undefined],
  ['image/png', { examples: ['a'] }, undefined],
  ['application/octet-stream', { examples: ['a'] }, undefined],
  ['multipart/form-data', { examples: ['a'] }, [{ name: 'file' }]],
  [
    'multipart/form-data',
    { ...book, properties: { title: {}, other: {}, cover } },
    [{ name: 'title', value: 'A & B' }, { name: 'cover' }],
  ],
]

for (const [mediaType, schema, draft] of DRAFTS) {
  t.test(`the draft of ${mediaType} is ${JSON.stringify(draft)}`, async (t) => {
    const body = { content: { [mediaType]: { schema } } }
    const post = { method: 'POST', path: '/x', schema: { body } }
    const expected = typeof draft === 'object' ? { parts: draft } : { text: draft }
    t.same(draftsOf(post, [post], undefined), [{ mediaType, ...(draft && expected) }])
  })
}

t.test('a route without a body has no draft', async (t) => {
  t.same(draftsOf({ method: 'DELETE', path: '/x', schema: {} }, [], undefined), [])
  t.same(draftsOf({ method: 'GET', path: '/x', schema: {} }, [], undefined), [])
})
