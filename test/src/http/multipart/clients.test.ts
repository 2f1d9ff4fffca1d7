import t from 'tap'
import { isMediaType } from '../../../../src/http/field.ts'
import { parseMultipart } from '../../../../src/http/multipart/index.ts'
import { CLIENT_BOUNDARIES, CLIENT_PARTS } from './client-bodies.ts'
import { CLIENT_CHARSETS, CLIENT_NAMES } from './client-names.ts'

const CLIENT_FORMS = [...CLIENT_NAMES, ...CLIENT_CHARSETS, ...CLIENT_BOUNDARIES, ...CLIENT_PARTS]

for (const { client, source, parameters, body, encoding = 'utf8', meant } of CLIENT_FORMS) {
  t.test(`parseMultipart() reads a form of ${client} (${source})`, async (t) => {
    const contentType = `multipart/form-data${parameters}`
    t.ok(isMediaType(contentType), 'Content-Type is accepted')
    const bytes = Buffer.from(body, encoding)
    if ('refused' in meant) {
      const message = `the multipart body is malformed: ${meant.refused}`
      t.throws(() => parseMultipart(bytes, contentType), { statusCode: 400, message })
      return
    }
    const parts = parseMultipart(bytes, contentType).map(({ bytes, ...part }) => ({
      ...part,
      text: bytes.toString(),
    }))
    const defaults = { fileName: undefined, mediaType: 'text/plain', text: 'abc' }
    t.strictSame(
      parts,
      meant.map((part) => ({ ...defaults, ...part })),
    )
  })
}

t.test('parseMultipart() reads each name that the FormData of Node writes', async (t) => {
  const names = [
    'a"b',
    'a\\',
    '\\"',
    "a'b",
    'a;b="c"',
    '=?utf-8?q?a',
    'é',
    '%',
    'a"; filename="b',
    '"',
  ]
  for (const name of names) {
    const data = new FormData()
    data.append(name, new File(['abc'], name))
    const response = new Response(data)
    const bytes = Buffer.from(await response.arrayBuffer())
    const [part] = parseMultipart(bytes, String(response.headers.get('content-type')))
    t.strictSame(part?.name, name)
    t.strictSame(part?.fileName, name.split('\\').at(-1))
  }
})

t.test('the table has at least 45 forms', async (t) => {
  t.ok(CLIENT_FORMS.length >= 45)
})
