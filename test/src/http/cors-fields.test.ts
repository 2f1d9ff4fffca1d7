import t from 'tap'
import { corsFields, isAllowedOrigin } from '../../../src/http/cors-fields.ts'

const ALLOWED = [
  '*',
  'https://a.example',
  'http://a.example:8080',
  'http://[::1]:8080',
  'https://xn--bcher-kva.example',
  'https://*.a.example',
  'https://*.a.example:8443',
  'http://*.localhost',
  'http://*.localhost:3000',
  'capacitor://localhost',
  'ionic://localhost',
  'tauri://localhost',
  'app://obsidian.md',
  'chrome-extension://aapbdbdomjkkjkaonfhkkikfgjllcleb',
  'moz-extension://95a1b2c3-0000-4000-8000-000000000000',
]
const NEVER_SENT = [
  '',
  'null',
  'a.example',
  'https://a.example/',
  'https://a.example/*',
  'https://a.example:443',
  'https://A.example',
  'https://bücher.example',
  'https://user@a.example',
  'https://*',
  'https://*:8080',
  'https://*.',
  'https://*.example',
  'https://*.example.',
  'https://*.A.example',
  'https://*.a.example:443',
  'https://*.a.example/',
  'https://*.*.example',
  'https://a.*.example',
  'https://*a.example',
  'https://a*.example',
  'https://a.example:*',
  '*://a.example',
  'https://*.0.0.1',
  'ftp://a.example',
  'ws://a.example',
  'file://',
  'file://a',
  'capacitor://',
  'capacitor://localhost/',
  'chrome-extension://*',
  'Tauri://localhost',
  'data:text/html,a',
]

for (const text of ALLOWED) {
  t.test(`isAllowedOrigin() returns true for ${text}`, async (t) => {
    t.equal(isAllowedOrigin(text), true)
  })
}

for (const text of NEVER_SENT) {
  t.test(`isAllowedOrigin() returns false for ${JSON.stringify(text)}`, async (t) => {
    t.equal(isAllowedOrigin(text), false)
  })
}

const SUBDOMAINS = ['https://b.example', 'https://*.a.example', 'tauri://localhost']

const ORIGINS: [from: string | undefined, isCovered: boolean][] = [
  ['https://b.example', true],
  ['https://www.a.example', true],
  ['https://x.www.a.example', true],
  ['https://x_1.a-b.a.example', true],
  ['tauri://localhost', true],
  [undefined, false],
  ['null', false],
  ['https://a.example', false],
  ['http://www.a.example', false],
  ['https://www.a.example:8443', false],
  ['https://wwwa.example', false],
  ['https://www.a.example.evil.example', false],
  ['https://evil.example/.a.example', false],
  ['https://evil.example#.a.example', false],
  ['https://evil.example?.a.example', false],
  ['https://evil.example\\.a.example', false],
  ['https://evil.example:443.a.example', false],
  ['https://evil@www.a.example', false],
  ['https://*.a.example', false],
  ['https://.a.example', false],
  ['https://..a.example', false],
  ['https://www..a.example', false],
  ['https://www.a.example\n', false],
  ['https://www.b.example', false],
  ['tauri://localhost2', false],
]

for (const [from, isCovered] of ORIGINS) {
  t.test(`corsFields() ${isCovered ? 'allows' : 'refuses'} ${JSON.stringify(from)}`, async (t) => {
    const fields = corsFields(SUBDOMAINS, from)
    t.equal(fields?.['access-control-allow-origin'], isCovered ? from : undefined)
  })
}

t.test('corsFields() compares the port of a pattern', async (t) => {
  const allowed = ['http://*.localhost:3000']
  t.ok(corsFields(allowed, 'http://app.localhost:3000'))
  for (const from of [
    'http://app.localhost',
    'http://app.localhost:30000',
    'http://app.localhost:13000',
  ]) {
    t.equal(corsFields(allowed, from), undefined)
  }
})
