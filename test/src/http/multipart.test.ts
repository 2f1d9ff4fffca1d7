import t from 'tap'
import { HttpError } from '../../../src/http/http-error.ts'
import { parseMultipart } from '../../../src/http/multipart.ts'

const FORM = 'multipart/form-data; boundary=B'
const FIELD = 'Content-Disposition: form-data; name="f"'

/** A part of a body, from its header lines and its content. */
function part(header: string, content: string): string {
  return `--B\r\n${header}\r\n\r\n${content}\r\n`
}

/** The parts as they were read, their octets as text. */
async function read(body: string, contentType = FORM) {
  const parts = await parseMultipart(Buffer.from(body), contentType)
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
    title: 'a file without the folders that it claims',
    header: `${FIELD}; filename="../../etc/passwd"`,
    part: { name: 'f', fileName: 'passwd', mediaType: 'text/plain' },
  },
  {
    title: 'a file without the folders of Windows that it claims',
    header: `${FIELD}; filename="C:\\\\a\\\\b.txt"`,
    part: { name: 'f', fileName: 'b.txt', mediaType: 'text/plain' },
  },
  {
    title: 'a file without the folders of Windows, as a browser sends them',
    header: `${FIELD}; filename="C:\\a\\b%22.txt"`,
    part: { name: 'f', fileName: 'b".txt', mediaType: 'text/plain' },
  },
  {
    title: 'a list of media types as octets',
    header: `${FIELD}\r\nContent-Type: text/plain;a=b, text/html`,
    part: { name: 'f', fileName: undefined, mediaType: 'application/octet-stream' },
  },
  {
    title: 'names in UTF-8',
    header: 'Content-Disposition: form-data; name="é"; filename="ü.txt"',
    part: { name: 'é', fileName: 'ü.txt', mediaType: 'text/plain' },
  },
  {
    title: 'a media type that is none as octets',
    header: `${FIELD}; filename="a"\r\nContent-Type: nonsense`,
    part: { name: 'f', fileName: 'a', mediaType: 'application/octet-stream' },
  },
  {
    title: 'a media type with its parameters as they are',
    header: `${FIELD}\r\nContent-Type: Text/CSV; charset="utf-8"; header=present`,
    part: {
      name: 'f',
      fileName: undefined,
      mediaType: 'Text/CSV; charset="utf-8"; header=present',
    },
  },
  {
    title: 'parameters without a media type as octets',
    header: `${FIELD}\r\nContent-Type: ;`,
    part: { name: 'f', fileName: undefined, mediaType: 'application/octet-stream' },
  },
  {
    title: 'an empty media type as text',
    header: `${FIELD}\r\nContent-Type:`,
    part: { name: 'f', fileName: undefined, mediaType: 'text/plain' },
  },
  {
    title: 'an extended name of a file before the plain one (RFC 8187)',
    header: `${FIELD}; filename="x.txt"; filename*=UTF-8''%e2%82%ac.txt`,
    part: { name: 'f', fileName: '€.txt', mediaType: 'text/plain' },
  },
  {
    title: 'an extended name of a file without the folders that it claims',
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
  t.test(`parseMultipart reads ${title}`, async (t) => {
    t.strictSame(await read(`${part(header, 'content')}--B--\r\n`), [
      { ...expected, text: 'content' },
    ])
  })
}

t.test('parseMultipart reads parts in their order, octets as they are', async (t) => {
  const contents = ['', 'a\0b', '\r\n', 'x--B', '\r\n--A\r\n', 'x'.repeat(1_000_000)]
  const body = contents.map((content) => part(FIELD, content)).join('')
  t.strictSame(
    (await read(`${body}--B--`)).map(({ text }) => text),
    contents,
  )
  const octets = Buffer.from(Array.from({ length: 256 }, (_, octet) => octet))
  const [only] = await parseMultipart(
    Buffer.concat([Buffer.from(`--B\r\n${FIELD}\r\n\r\n`), octets, Buffer.from('\r\n--B--')]),
    FORM,
  )
  t.strictSame(only?.bytes, octets, 'every octet there is')
})

t.test('parseMultipart passes by what stands before and behind the parts', async (t) => {
  const parts = await read(`preamble\r\n${part(FIELD, 'a')}--B--\r\nepilogue`)
  t.match(parts, [{ text: 'a' }])
  t.equal(parts.length, 1)
})

t.test('parseMultipart reads a boundary in quotes', async (t) => {
  const body = `${part(FIELD, 'a')}--B--`
  t.match(await read(body, 'multipart/form-data; boundary="B"'), [{ text: 'a' }])
})

t.test('parseMultipart reads a form without parts as nothing', async (t) => {
  t.strictSame(await read('--B--\r\n'), [])
})

const REFUSED: { title: string; body: string; type?: string }[] = [
  { title: 'an empty body', body: '' },
  { title: 'a body that is no form', body: 'garbage' },
  { title: 'a body cut short behind a part', body: part(FIELD, 'a') },
  { title: 'a body cut short within a part', body: `--B\r\n${FIELD}\r\n\r\nabc` },
  { title: 'a body cut short within a header', body: `--B\r\n${FIELD}` },
  { title: 'a body cut short within its last boundary', body: `${part(FIELD, 'a')}--B` },
  { title: 'another boundary than the field names', body: part(FIELD, 'a').replaceAll('B', 'C') },
  { title: 'no boundary', body: 'a', type: 'multipart/form-data' },
  { title: 'an empty boundary', body: 'a', type: 'multipart/form-data; boundary=' },
  { title: 'a long boundary', body: 'a', type: `multipart/form-data; boundary=${'B'.repeat(999)}` },
  ...[
    { title: 'fields', header: 'X: y' },
    { title: 'a Content-Disposition', header: 'Content-Type: text/plain' },
    { title: 'the disposition form-data', header: 'Content-Disposition: attachment; name="f"' },
    { title: 'a disposition', header: 'Content-Disposition: ; name="f"' },
    { title: 'a name', header: 'Content-Disposition: form-data; filename="a"' },
    { title: 'an end to its name', header: 'Content-Disposition: form-data; name="f' },
    { title: 'a colon in its first line', header: `nonsense\r\n${FIELD}` },
    { title: 'a field name in its first line', header: `: nonsense\r\n${FIELD}` },
  ].flatMap(({ title, header }) => [
    { title: `a part without ${title}`, body: `${part(header, 'a')}--B--` },
    {
      title: `a part without ${title}, before a sound one`,
      body: `${part(header, 'a')}${part(FIELD, 'b'.repeat(100_000))}--B--`,
    },
  ]),
  { title: 'a part without a header', body: '--B\r\n\r\na\r\n--B--' },
  { title: 'a part whose header does not end', body: `--B\r\n${FIELD}\r\n--B--` },
]

for (const { title, body, type = FORM } of REFUSED) {
  t.test(`parseMultipart refuses ${title} with 400`, async (t) => {
    await t.rejects(read(body, type), {
      statusCode: 400,
      message: /^the multipart body is malformed: ./,
    })
  })
}

t.test('parseMultipart takes 100 parts, and refuses any more with 413', async (t) => {
  const form = (count: number) => `${part(FIELD, 'a').repeat(count)}--B--`
  t.equal((await read(form(100))).length, 100)
  const tooMany = { statusCode: 413, message: 'a form holds at most 100 parts' }
  await t.rejects(read(form(101)), tooMany)
  await t.rejects(read(form(5_000)), tooMany)
})

t.test('parseMultipart refuses too many parts once, malformed ones among them', async (t) => {
  const form = `${part('X: y', 'a').repeat(101)}--B--`
  await t.rejects(read(form), {
    constructor: HttpError,
    message: /^(?:the multipart body is malformed|a form holds at most)/,
  })
})

t.test('parseMultipart settles for a form that is cut anywhere', async (t) => {
  const form = `${part(`${FIELD}\r\nContent-Type: text/plain`, 'abc')}${part(FIELD, '')}--B--`
  for (let length = 0; length < form.length; length++) {
    await t.rejects(
      read(form.slice(0, length)),
      { message: 'malformed' },
      `behind ${length} octets`,
    )
  }
  t.match(await read(form), [{ text: 'abc' }, { text: '' }])
})

t.test('parseMultipart refuses a name that is no UTF-8', async (t) => {
  const form = Buffer.from(`${part(`${FIELD}; filename="\xff.txt"`, 'a')}--B--`, 'latin1')
  await t.rejects(parseMultipart(form, FORM), { statusCode: 400, message: /not valid UTF-8/ })
})

for (const name of ['filename="a\0b"', 'filename=a\0b', "filename*=UTF-8''a%00b"]) {
  t.test(`parseMultipart refuses ${JSON.stringify(name)}, which holds a NUL`, async (t) => {
    await t.rejects(read(`${part(`${FIELD}; ${name}`, 'a')}--B--`), {
      statusCode: 400,
      message: 'the multipart body is malformed: the name of a file holds a NUL',
    })
  })
}
