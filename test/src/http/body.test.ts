import type { IncomingHttpHeaders } from 'node:http'
import t from 'tap'
import {
  BODY_KINDS,
  checkBody,
  consumedBy,
  hasBody,
  isValidated,
  kindOf,
  parserOf,
} from '../../../src/http/body.ts'

const FORM = '--B\r\nContent-Disposition: form-data; name="a"\r\n\r\né\r\n--B--'

const BODIES: { type: string; text: string; value: unknown }[] = [
  { type: 'text/plain', text: 'é', value: 'é' },
  { type: 'application/json', text: '{"a":"é"}', value: { a: 'é' } },
  { type: 'application/merge-patch+json', text: '{"a":null}', value: { a: null } },
  { type: 'application/json-patch+json', text: '[]', value: [] },
  {
    type: 'application/xml',
    text: '<a>é</a>',
    value: { name: 'a', attributes: {}, children: ['é'] },
  },
  { type: 'text/xml', text: '<a/>', value: { name: 'a', attributes: {}, children: [] } },
  { type: 'application/x-www-form-urlencoded', text: 'a=%C3%A9', value: { a: 'é' } },
  {
    type: 'multipart/form-data',
    text: FORM,
    value: [{ name: 'a', fileName: undefined, mediaType: 'text/plain', bytes: Buffer.from('é') }],
  },
  { type: 'application/octet-stream', text: 'a\0', value: Buffer.from('a\0') },
]

for (const { type, text, value } of BODIES) {
  t.test(`the parser of ${type} parses a body`, async (t) => {
    t.same(await parserOf(type)(Buffer.from(text), `${type}; boundary=B`), value)
  })
}

t.test('the test cases cover every supported media type', async (t) => {
  t.same(
    Object.keys(BODY_KINDS),
    BODIES.map(({ type }) => type),
  )
})

const OTHER_TYPES = [
  {
    type: 'application/vnd.example.v2+json',
    kind: 'json',
    text: '{"a":1}',
    value: { a: 1 },
    validated: true,
  },
  {
    type: 'application/vnd.example+xml',
    kind: 'xml',
    text: '<a/>',
    value: { name: 'a', attributes: {}, children: [] },
    validated: false,
  },
  { type: 'image/png', kind: 'bytes', text: 'a\0', value: Buffer.from('a\0'), validated: false },
  {
    type: 'image/svg+xml',
    kind: 'bytes',
    text: '<svg/>',
    value: Buffer.from('<svg/>'),
    validated: false,
  },
]

for (const { type, kind, text, value, validated } of OTHER_TYPES) {
  t.test(`parserOf() returns the ${kind} parser for ${type}`, async (t) => {
    t.same(await parserOf(type)(Buffer.from(text), type), value)
    t.equal(kindOf(type), kind)
    t.equal(isValidated(type), validated, `isValidated() returns ${validated}`)
  })
}

const MALFORMED: { type: string; bytes: Buffer }[] = [
  { type: 'text/plain', bytes: Buffer.from([0xe9]) },
  { type: 'application/json', bytes: Buffer.from('{') },
  { type: 'application/json', bytes: Buffer.from([0x22, 0xe9, 0x22]) },
  { type: 'application/xml', bytes: Buffer.from('<a>') },
  { type: 'text/xml', bytes: Buffer.from([0x3c, 0xe9, 0x2f, 0x3e]) },
  { type: 'application/x-www-form-urlencoded', bytes: Buffer.from('a=%') },
  { type: 'multipart/form-data', bytes: Buffer.from('a') },
]

for (const { type, bytes } of MALFORMED) {
  t.test(
    `the parser of ${type} throws 400 for a malformed body (${bytes.toString('hex')})`,
    async (t) => {
      const parse = async () => parserOf(type)(bytes, `${type}; boundary=B`)
      await t.rejects(parse(), { statusCode: 400, message: /malformed|not valid/ })
    },
  )
}

for (const type of ['application/json', 'application/xml', 'application/merge-patch+json']) {
  t.test(`the parser of ${type} throws 415 for UTF-16`, async (t) => {
    const error = { statusCode: 415, message: 'UTF-16 or UTF-32; supported: utf-8' }
    const headers = { accept: `${type}; charset=utf-8` }
    const wide = Buffer.from('<a/>', 'utf16le')
    t.throws(() => parserOf(type)(wide, `${type}; a=b`), { ...error, headers })
  })
}

t.test('the parser of text decodes the charset', async (t) => {
  const parse = parserOf('text/plain')
  t.equal(parse(Buffer.from('caf\xe9', 'latin1'), 'text/plain; charset="latin1"'), 'café')
})

const CONSUMES = ['application/json', 'text/plain', 'text/csv', 'multipart/form-data']

const ACCEPTED: { title: string; type: string; headers: IncomingHttpHeaders }[] = [
  {
    title: 'a type that the route accepts',
    type: 'text/plain',
    headers: { 'content-type': 'text/plain' },
  },
  {
    title: 'UTF-8',
    type: 'application/json',
    headers: { 'content-type': 'application/json; charset="UTF-8"' },
  },
  {
    title: 'another label of UTF-8',
    type: 'application/json',
    headers: { 'content-type': 'application/json; charset=UTF8' },
  },
  {
    title: 'another charset of text',
    type: 'text/plain',
    headers: { 'content-type': 'text/plain; charset=windows-1251' },
  },
  {
    title: 'US-ASCII',
    type: 'text/plain',
    headers: { 'content-type': 'text/plain;charset=US-ASCII' },
  },
  {
    title: 'any charset for a media type whose bodies are not decoded',
    type: 'text/csv',
    headers: { 'content-type': 'text/csv; charset=iso-8859-1' },
  },
  {
    title: 'any charset for a form, whose names may be in it',
    type: 'multipart/form-data',
    headers: { 'content-type': 'multipart/form-data; boundary=B; charset=iso-8859-1' },
  },
  {
    title: 'the identity coding',
    type: 'text/plain',
    headers: { 'content-type': 'text/plain', 'content-encoding': 'Identity' },
  },
]

for (const { title, type, headers } of ACCEPTED) {
  t.test(`checkBody() accepts ${title}`, async (t) => {
    const sent = { 'content-length': '1', ...headers }
    t.doesNotThrow(() => checkBody({ method: 'POST', headers: sent, mediaType: type }, CONSUMES))
  })
}

const ACCEPT = { accept: CONSUMES.join(', ') }
const TYPES = `supported: ${ACCEPT.accept}`

const REFUSED: {
  title: string
  type?: string
  headers: IncomingHttpHeaders
  error: { message: string; headers: Record<string, string> }
}[] = [
  {
    title: 'a body without Content-Type',
    headers: { 'content-length': '1' },
    error: { message: `no Content-Type; ${TYPES}`, headers: ACCEPT },
  },
  {
    title: 'a malformed type',
    headers: { 'content-type': 'nonsense', 'content-length': '1' },
    error: { message: `nonsense; ${TYPES}`, headers: ACCEPT },
  },
  {
    title: 'an unsupported type',
    type: 'image/png',
    headers: { 'content-type': 'image/png' },
    error: { message: `image/png; ${TYPES}`, headers: ACCEPT },
  },
  {
    title: 'a repeated charset',
    type: 'text/plain',
    headers: { 'content-type': 'text/plain; charset=utf-8; charset=utf-16' },
    error: {
      message: `text/plain; charset=utf-8; charset=utf-16, in which a parameter is malformed, repeated or needs quotes; ${TYPES}`,
      headers: ACCEPT,
    },
  },
  {
    title: 'an unknown charset of text',
    type: 'text/plain',
    headers: { 'content-type': 'text/plain; charset=x-none' },
    error: {
      message: 'charset x-none; supported: utf-8 and other labels of the Encoding standard',
      headers: ACCEPT,
    },
  },
  {
    title: 'another charset of JSON',
    type: 'application/json',
    headers: { 'content-type': 'application/json; charset=iso-8859-1', 'content-length': '1' },
    error: { message: 'charset iso-8859-1; supported: utf-8', headers: ACCEPT },
  },
  {
    title: 'a content coding',
    type: 'text/plain',
    headers: { 'content-type': 'text/plain', 'content-encoding': 'gzip' },
    error: {
      message: 'content coding gzip; supported: identity',
      headers: { 'accept-encoding': 'identity' },
    },
  },
]

for (const { title, type, headers, error } of REFUSED) {
  t.test(`checkBody() throws 415 with the supported values for ${title}`, async (t) => {
    const fields = { 'content-length': '1', ...headers }
    const request = { method: 'POST', headers: fields, mediaType: type }
    t.throws(() => checkBody(request, CONSUMES), { statusCode: 415, ...error })
  })
}

for (const mediaType of [
  undefined,
  'application/json',
  'application/merge-patch+json',
  'text/xml',
  'multipart/form-data',
  'image/png',
]) {
  t.test(`checkBody() throws 400 for ${mediaType} without content`, async (t) => {
    t.throws(() => checkBody({ method: 'POST', headers: {}, mediaType }, CONSUMES), {
      statusCode: 400,
      message: `a body is required; ${TYPES}`,
    })
  })
}

for (const mediaType of ['text/plain', 'text/csv']) {
  t.test(`checkBody() accepts ${mediaType} without content`, async (t) => {
    const headers = { 'content-type': mediaType, 'content-length': '0' }
    t.doesNotThrow(() => checkBody({ method: 'POST', headers, mediaType }, CONSUMES))
  })
}

const HEADERS: [headers: IncomingHttpHeaders, expected: boolean][] = [
  [{}, false],
  [{ 'content-type': 'text/plain' }, false],
  [{ 'content-length': '0' }, false],
  [{ 'content-length': '1' }, true],
  [{ 'transfer-encoding': 'chunked' }, true],
]

for (const [headers, expected] of HEADERS) {
  t.test(`hasBody() returns ${expected} for ${JSON.stringify(headers)}`, async (t) => {
    t.equal(hasBody(headers), expected)
  })
}

t.test('checkBody() sets Accept-Patch for an unsupported patch type', async (t) => {
  const headers = { 'content-type': 'a/b', 'content-length': '1' }
  const request = { method: 'PATCH', headers, mediaType: 'a/b' }
  t.throws(() => checkBody(request, ['application/merge-patch+json']), {
    statusCode: 415,
    message: 'a/b; supported: application/merge-patch+json',
    headers: { 'accept-patch': 'application/merge-patch+json' },
  })
})

t.test(
  'consumedBy() returns the media types of the schema, or JSON if the schema lists none',
  async (t) => {
    t.same(consumedBy({ content: { 'text/plain': {}, 'a/b': {} } }), ['text/plain', 'a/b'])
    t.same(consumedBy({ type: 'object' }), ['application/json'])
    t.same(
      consumedBy(undefined),
      Object.keys(BODY_KINDS),
      'without a schema, consumedBy() returns all types that can be parsed',
    )
  },
)
