import t from 'tap'
import { HttpError } from '../../../../src/http/http-error.ts'
import { parseMultipart } from '../../../../src/http/multipart/index.ts'

const FORM = 'multipart/form-data; boundary=B'
const FIELD = 'Content-Disposition: form-data; name="f"'

/** Writes one part of a body. */
function part(header: string, content: string): string {
  return `--B\r\n${header}\r\n\r\n${content}\r\n`
}

/** Parses a body, and returns its parts with their bytes as text. */
async function read(body: string, contentType = FORM) {
  const parts = parseMultipart(Buffer.from(body), contentType)
  return parts.map(({ bytes, ...rest }) => ({ ...rest, text: bytes.toString() }))
}

const PARTS: { title: string; header: string; part: object }[] = [
  {
    title: 'a field',
    header: FIELD,
    part: { name: 'f', fileName: undefined, mediaType: 'text/plain' },
  },
  {
    title: 'a file',
    header: `${FIELD}; filename="a.png"\r\nContent-Type: image/png`,
    part: { name: 'f', fileName: 'a.png', mediaType: 'image/png' },
  },
  {
    title: 'a file name with folders as its last segment',
    header: `${FIELD}; filename="../../etc/passwd"`,
    part: { name: 'f', fileName: 'passwd', mediaType: 'text/plain' },
  },
  {
    title: 'a file name with Windows folders as its last segment',
    header: `${FIELD}; filename="C:\\\\a\\\\b.txt"`,
    part: { name: 'f', fileName: 'b.txt', mediaType: 'text/plain' },
  },
  {
    title: 'a file name with escaped characters and Windows folders as its last segment',
    header: `${FIELD}; filename="C:\\a\\b%22.txt"`,
    part: { name: 'f', fileName: 'b".txt', mediaType: 'text/plain' },
  },
  {
    title: 'a list of media types as application/octet-stream',
    header: `${FIELD}\r\nContent-Type: text/plain;a=b, text/html`,
    part: { name: 'f', fileName: undefined, mediaType: 'application/octet-stream' },
  },
  {
    title: 'names in UTF-8',
    header: 'Content-Disposition: form-data; name="é"; filename="ü.txt"',
    part: { name: 'é', fileName: 'ü.txt', mediaType: 'text/plain' },
  },
  {
    title: 'a malformed media type as application/octet-stream',
    header: `${FIELD}; filename="a"\r\nContent-Type: nonsense`,
    part: { name: 'f', fileName: 'a', mediaType: 'application/octet-stream' },
  },
  {
    title: 'a media type with unchanged parameters',
    header: `${FIELD}\r\nContent-Type: Text/CSV; charset="utf-8"; header=present`,
    part: {
      name: 'f',
      fileName: undefined,
      mediaType: 'Text/CSV; charset="utf-8"; header=present',
    },
  },
  {
    title: 'parameters without a media type as application/octet-stream',
    header: `${FIELD}\r\nContent-Type: ;`,
    part: { name: 'f', fileName: undefined, mediaType: 'application/octet-stream' },
  },
  {
    title: 'an empty media type as text/plain',
    header: `${FIELD}\r\nContent-Type:`,
    part: { name: 'f', fileName: undefined, mediaType: 'text/plain' },
  },
  {
    title: 'filename* in preference to filename (RFC 8187)',
    header: `${FIELD}; filename="x.txt"; filename*=UTF-8''%e2%82%ac.txt`,
    part: { name: 'f', fileName: '€.txt', mediaType: 'text/plain' },
  },
  {
    title: 'filename* with folders as its last segment',
    header: `${FIELD}; filename*=UTF-8''..%2f..%2fetc%2fpasswd`,
    part: { name: 'f', fileName: 'passwd', mediaType: 'text/plain' },
  },
  {
    title: 'delimiters and escapes in a name',
    header: 'Content-Disposition: form-data; name="a;%62=c"',
    part: { name: 'a;%62=c', fileName: undefined, mediaType: 'text/plain' },
  },
  {
    title: 'a name without quotes',
    header: 'content-disposition:Form-Data;name=f',
    part: { name: 'f', fileName: undefined, mediaType: 'text/plain' },
  },
  {
    title: 'an empty name',
    header: 'Content-Disposition: form-data; name=""; filename=""',
    part: { name: '', fileName: '', mediaType: 'text/plain' },
  },
  {
    title: 'a part named __proto__',
    header: 'Content-Disposition: form-data; name="__proto__"',
    part: { name: '__proto__', fileName: undefined, mediaType: 'text/plain' },
  },
]

for (const { title, header, part: expected } of PARTS) {
  t.test(`parseMultipart() reads ${title}`, async (t) => {
    t.strictSame(await read(`${part(header, 'content')}--B--\r\n`), [
      { ...expected, text: 'content' },
    ])
  })
}

t.test('parseMultipart() returns parts in order, with unchanged bytes', async (t) => {
  const contents = ['', 'a\0b', '\r\n', 'x--B', '\r\n--A\r\n', 'x'.repeat(1_000_000)]
  const body = contents.map((content) => part(FIELD, content)).join('')
  t.strictSame(
    (await read(`${body}--B--`)).map(({ text }) => text),
    contents,
  )
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
  const [only] = parseMultipart(
    Buffer.concat([Buffer.from(`--B\r\n${FIELD}\r\n\r\n`), bytes, Buffer.from('\r\n--B--')]),
    FORM,
  )
  t.strictSame(only?.bytes, bytes, 'all 256 byte values are unchanged')
})

t.test('parseMultipart() ignores the preamble and the epilogue', async (t) => {
  const parts = await read(`preamble\r\n${part(FIELD, 'a')}--B--\r\nepilogue`)
  t.match(parts, [{ text: 'a' }])
  t.equal(parts.length, 1)
})

t.test('parseMultipart() reads a quoted boundary', async (t) => {
  const body = `${part(FIELD, 'a')}--B--`
  t.match(await read(body, 'multipart/form-data; boundary="B"'), [{ text: 'a' }])
})

t.test('parseMultipart() returns no parts for an empty form', async (t) => {
  t.strictSame(await read('--B--\r\n'), [])
})

const REFUSED: { title: string; body: string; type?: string }[] = [
  { title: 'an empty body', body: '' },
  { title: 'a body that is not a form', body: 'garbage' },
  { title: 'a body truncated after a part', body: part(FIELD, 'a') },
  { title: 'a body truncated within a part', body: `--B\r\n${FIELD}\r\n\r\nabc` },
  { title: 'a body truncated within a header', body: `--B\r\n${FIELD}` },
  { title: 'a body truncated within its last boundary', body: `${part(FIELD, 'a')}--B` },
  {
    title: 'a boundary that differs from Content-Type',
    body: part(FIELD, 'a').replaceAll('B', 'C'),
  },
  { title: 'no boundary', body: 'a', type: 'multipart/form-data' },
  { title: 'an empty boundary', body: 'a', type: 'multipart/form-data; boundary=' },
  { title: 'a long boundary', body: 'a', type: `multipart/form-data; boundary=${'B'.repeat(999)}` },
  ...[
    { title: 'fields', header: 'X: y' },
    { title: 'a Content-Disposition', header: 'Content-Type: text/plain' },
    { title: 'the disposition form-data', header: 'Content-Disposition: attachment; name="f"' },
    { title: 'a disposition', header: 'Content-Disposition: ; name="f"' },
    { title: 'a name', header: 'Content-Disposition: form-data; filename="a"' },
    { title: 'a closing quote after its name', header: 'Content-Disposition: form-data; name="f' },
    { title: 'a colon in its first line', header: `nonsense\r\n${FIELD}` },
    { title: 'a field name in its first line', header: `: nonsense\r\n${FIELD}` },
  ].flatMap(({ title, header }) => [
    { title: `a part without ${title}`, body: `${part(header, 'a')}--B--` },
    {
      title: `a part without ${title}, before a valid part`,
      body: `${part(header, 'a')}${part(FIELD, 'b'.repeat(100_000))}--B--`,
    },
  ]),
  {
    title: 'a part with more than 16 KiB of header fields',
    body: `${part(`${FIELD}\r\nX: ${'y'.repeat(16_384)}`, 'a')}--B--`,
  },
  { title: 'a part without a header', body: '--B\r\n\r\na\r\n--B--' },
  { title: 'a part with an unterminated header', body: `--B\r\n${FIELD}\r\n--B--` },
]

for (const { title, body, type = FORM } of REFUSED) {
  t.test(`parseMultipart() throws 400 for ${title}`, async (t) => {
    await t.rejects(read(body, type), {
      statusCode: 400,
      message: /^the multipart body is malformed: ./,
    })
  })
}

t.test('parseMultipart() accepts 100 parts, and throws 413 for more parts', async (t) => {
  const form = (count: number) => `${part(FIELD, 'a').repeat(count)}--B--`
  t.equal((await read(form(100))).length, 100)
  const tooMany = { statusCode: 413, message: 'a form can have at most 100 parts' }
  await t.rejects(read(form(101)), tooMany)
  await t.rejects(read(form(5_000)), tooMany)
})

for (const line of ['--B', '--B-', '--B ']) {
  t.test(`parseMultipart() throws 413 for too many lines ${line}`, async (t) => {
    const form = (count: number) => `${part(FIELD, 'a')}${`${line}\r\n`.repeat(count)}--B--`
    t.equal((await read(form(998))).length, 1)
    const tooMany = { statusCode: 413, message: 'a form can have at most 100 parts' }
    await t.rejects(read(form(999)), tooMany)
  })
}

t.test('parseMultipart() throws only one error for too many malformed parts', async (t) => {
  const form = `${part('X: y', 'a').repeat(101)}--B--`
  await t.rejects(read(form), {
    constructor: HttpError,
    message: /^(?:the multipart body is malformed|a form can have at most)/,
  })
})

t.test('parseMultipart() throws 400 for a form that is truncated at any byte', async (t) => {
  const form = `${part(`${FIELD}\r\nContent-Type: text/plain`, 'abc')}${part(FIELD, '')}--B--`
  for (let length = 0; length < form.length; length++) {
    await t.rejects(
      read(form.slice(0, length)),
      { message: 'malformed' },
      `the form is truncated after ${length} bytes`,
    )
  }
  t.match(await read(form), [{ text: 'abc' }, { text: '' }])
})

for (const name of ['filename="a\0b"', 'filename=a\0b', "filename*=UTF-8''a%00b"]) {
  t.test(`parseMultipart() throws 400 for a NUL in ${JSON.stringify(name)}`, async (t) => {
    await t.rejects(read(`${part(`${FIELD}; ${name}`, 'a')}--B--`), {
      statusCode: 400,
      message: 'the multipart body is malformed: a file name contains a NUL character',
    })
  })
}

t.test(
  'parseMultipart() does not end a part at a line that only begins like a delimiter',
  async (t) => {
    t.match(await read(`${part(FIELD, 'a\r\n--BB\r\n--B-\r\nb')}--B--`), [
      { text: 'a\r\n--BB\r\n--B-\r\nb' },
    ])
  },
)

t.test('parseMultipart() takes less than a second for a hostile form', async (t) => {
  const values = ['"', ' ', '; ', '="', '\\', 'a="', 'a', '=?', '=?a?q?', '=?a?q?b?= ', ';a="\\" ']
  const heads = values.map((value) => `${FIELD}; filename="${value.repeat(16_000 / value.length)}`)
  const bodies = [
    ...heads.map((head) => part(head, 'a').repeat(50)),
    '--B\r\n'.repeat(150_000),
    '\r\n--Bx'.repeat(150_000),
    part(`${FIELD}\r\nContent-Transfer-Encoding: base64`, ' '.repeat(1_000_000)),
    part(`${FIELD}\r\nContent-Transfer-Encoding: quoted-printable`, '= '.repeat(500_000)),
  ]
  for (const body of bodies) {
    const start = performance.now()
    await read(`${body}--B--`).catch(() => undefined)
    t.ok(performance.now() - start < 1_000, JSON.stringify(body.slice(0, 60)))
  }
})
