import { execFileSync } from 'node:child_process'
import t from 'tap'
import { curlCommand, quote } from '../../../plugins/html-pages/curl.ts'
import { HOSTILE } from '../../hostile.ts'

const URL = 'http://127.0.0.1:5000/mirror'

/** Returns the arguments that a shell passes to curl. */
function argumentsIn(command: string): string[] {
  const script = `curl() { printf '%s\\0' "$@"; }; ${command}`
  return execFileSync('bash', ['-c', script]).toString().split('\0').slice(0, -1)
}

t.test('curlCommand() writes a GET on one line', async (t) => {
  t.equal(curlCommand({ method: 'GET', url: URL, fields: {} }), `curl -i ${URL}`)
})

t.test('curlCommand() breaks a long command into lines', async (t) => {
  const fields = { 'content-type': 'text/plain', 'if-match': '"1-json"' }
  t.equal(
    curlCommand({ method: 'PUT', url: URL, fields, body: "it's", scheme: 'Basic' }),
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
    `curlCommand() sends ${JSON.stringify(body)?.slice(0, 40)} as ${words.join(' ').slice(0, 40)}`,
    async (t) => {
      const command = curlCommand({ method: 'POST', url: URL, fields: {}, body })
      t.same(argumentsIn(command), ['-i', '-X', 'POST', ...words, URL])
    },
  )
}

t.test('curlCommand() uses placeholders for credentials', async (t) => {
  for (const [scheme, words] of [
    ['Bearer', ['-H', 'Authorization: Bearer TOKEN']],
    ['Basic', ['-u', 'NAME']],
    [undefined, []],
  ] as const) {
    const command = curlCommand({ method: 'GET', url: URL, fields: {}, scheme })
    t.same(argumentsIn(command), ['-i', ...words, URL])
  }
})

t.test('curlCommand() prevents curl from changing the URL', async (t) => {
  const patterns = `${URL}?a=[1-9]&b={c}`
  t.same(argumentsIn(curlCommand({ method: 'GET', url: patterns, fields: {} })), [
    '-i',
    '--globoff',
    patterns,
  ])
  const dots = `${URL}/../x`
  t.same(argumentsIn(curlCommand({ method: 'GET', url: dots, fields: {} })), [
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
  t.test(`curlCommand() quotes ${encodeURIComponent(text)}`, async (t) => {
    const fields = { 'x-name': text }
    const words = argumentsIn(
      curlCommand({ method: text, url: `${URL}?${text}`, fields, body: text }),
    )
    t.equal(words[2], text)
    t.equal(words[4], `X-Name: ${text}`)
    t.equal(words[6], text)
    t.equal(words.at(-1), `${URL}?${text}`)
    t.notMatch(quote(text), /[^ -\uffff\n]/, 'the quoted text has no control characters')
  })
}
