import { execFileSync } from 'node:child_process'
import t from 'tap'
import { quote } from '../../../plugins/html-pages/assets/curl.js'
import { writeCommand } from '../../../plugins/html-pages/curl.ts'
import { HOSTILE } from '../../hostile.ts'

const URL = 'http://127.0.0.1:5000/mirror'

/** Returns the arguments that a shell passes to curl. */
function argumentsIn(command: string, shell = 'bash'): string[] {
  const script = `curl() { printf '%s\\0' "$@"; }; ${command}`
  return execFileSync(shell, ['-c', script]).toString().split('\0').slice(0, -1)
}

t.test('writeCommand() writes a GET on one line', async (t) => {
  t.equal(writeCommand({ method: 'GET', url: URL, fields: {} }), `curl -i ${URL}`)
})

t.test('writeCommand() breaks a long command into lines', async (t) => {
  const fields = { 'content-type': 'text/plain', 'if-match': '"1-json"' }
  t.equal(
    writeCommand({ method: 'PUT', url: URL, fields, body: "it's", scheme: 'Basic' }),
    `curl -i -X PUT \\
  -u NAME \\
  -H 'Content-Type: text/plain' \\
  -H 'If-Match: "1-json"' \\
  --data-raw 'it'\\''s' \\
  ${URL}`,
  )
})

const BODIES: [body: string | Buffer | null, words: string[]][] = [
  ['text', ['--data-raw', 'text']],
  ['@/etc/passwd', ['--data-raw', '@/etc/passwd']],
  ['', ['--data-raw', '']],
  [Buffer.from('é'), ['--data-raw', 'é']],
  [Buffer.from([0xff]), ['--data-binary', '@FILE']],
  ['a\0b', ['--data-binary', '@FILE']],
  ['x'.repeat(4_001), ['--data-binary', '@FILE']],
  [null, ['--data-binary', '@FILE']],
]

for (const [body, words] of BODIES) {
  t.test(
    `writeCommand() sends ${JSON.stringify(body)?.slice(0, 40)} as ${words.join(' ').slice(0, 40)}`,
    async (t) => {
      const command = writeCommand({ method: 'POST', url: URL, fields: {}, body })
      t.same(argumentsIn(command), ['-i', '-X', 'POST', ...words, URL])
    },
  )
}

t.test('writeCommand() uses placeholders for credentials, or the trial account', async (t) => {
  const account = { user: 'admin', password: 'a secret', token: 'a-token' }
  for (const [scheme, words, filled] of [
    ['Bearer', ['-H', 'Authorization: Bearer TOKEN'], ['-H', 'Authorization: Bearer a-token']],
    ['Basic', ['-u', 'NAME'], ['-u', 'admin:a secret']],
    [undefined, [], []],
  ] as const) {
    const request = { method: 'GET', url: URL, fields: {}, scheme }
    t.same(argumentsIn(writeCommand(request)), ['-i', ...words, URL])
    t.same(argumentsIn(writeCommand({ ...request, account })), ['-i', ...filled, URL])
  }
})

const MULTIPART = `--b\r
Content-Disposition: form-data; name="title"\r
\r
@ "title"\r
--b\r
Content-Disposition: form-data; name="attachment"; filename="a.txt"\r
\r
content\r
--b--\r
`

t.test(
  'writeCommand() sends the parts of a form, without the boundary of the browser',
  async (t) => {
    const fields = { 'content-type': 'multipart/form-data; boundary=b' }
    const request = { method: 'POST', url: URL, fields }
    const words = (body: Buffer | null) => argumentsIn(writeCommand({ ...request, body }))
    t.same(words(Buffer.from(MULTIPART)), [
      ...['-i', '-X', 'POST'],
      ...['--form-string', 'title=@ "title"', '-F', 'attachment=@FILE', URL],
    ])
    const placeholder = ['-i', '-X', 'POST', '-F', 'file=@FILE', URL]
    t.same(words(null), placeholder)
    t.same(words(Buffer.from('not a form')), placeholder)
    const body = [{ name: 'title', value: 'A' }, { name: 'cover' }]
    t.same(argumentsIn(writeCommand({ ...request, fields: {}, body })).slice(3, -1), [
      ...['--form-string', 'title=A', '-F', 'cover=@FILE'],
    ])
  },
)

t.test('writeCommand() prevents curl from changing the URL', async (t) => {
  const patterns = `${URL}?a=[1-9]&b={c}`
  t.same(argumentsIn(writeCommand({ method: 'GET', url: patterns, fields: {} })), [
    '-i',
    '--globoff',
    patterns,
  ])
  const dots = `${URL}/../x`
  t.same(argumentsIn(writeCommand({ method: 'GET', url: dots, fields: {} })), [
    '-i',
    '--path-as-is',
    dots,
  ])
})

for (const text of [
  ...HOSTILE,
  '$(id) `id` "$HOME" !! \\',
  "'; id; '",
  '-o',
  '~',
  '#',
  '*',
  '\x1b[2J',
  "\t'\\\r\n",
  ' ',
]) {
  t.test(`writeCommand() quotes ${encodeURIComponent(text)}`, async (t) => {
    const fields = { 'x-name': text }
    const words = argumentsIn(
      writeCommand({ method: text, url: `${URL}?${text}`, fields, body: text }),
    )
    t.equal(words[2], text)
    t.equal(words[4], `X-Name: ${text}`)
    t.equal(words[6], text)
    t.equal(words.at(-1), `${URL}?${text}`)
    t.notMatch(quote(text), /[^ -\uffff\n\t]/, 'the quoted text has no other control characters')
  })
}

t.test('a POSIX shell understands a command with tabs and line feeds', async (t) => {
  const body = '{\n\t"it\'s": 1\n}'
  const command = writeCommand({ method: 'POST', url: URL, fields: {}, body })
  t.same(argumentsIn(command, 'sh'), ['-i', '-X', 'POST', '--data-raw', body, URL])
  t.notMatch(command, "$'", 'a shell such as dash has no other kind of quotes')
})
