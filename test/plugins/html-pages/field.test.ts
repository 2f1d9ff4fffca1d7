import t from 'tap'
import {
  canonicalName,
  renderFieldValue,
  visibleFields,
} from '../../../plugins/html-pages/field.ts'
import { html } from '../../../src/http/html.ts'

const isReadable = (path: string) => path === '/a'

t.test('canonicalName() returns names as RFCs write them', async (t) => {
  for (const name of ['ETag', 'WWW-Authenticate', 'Content-Type', 'Link']) {
    t.equal(canonicalName(name.toLowerCase()), name)
  }
})

const VALUES: [name: string, value: string, markup: string][] = [
  ['location', '/a', '<a href="/a">/a</a>'],
  ['location', '/b', '/b'],
  ['vary', '/a', '/a'],
  [
    'link',
    '</a>; rel="first", <javascript:x>; rel="<", <https://b.example>',
    '&lt;<a href="/a">/a</a>&gt;; rel=&quot;first&quot;, &lt;javascript:x&gt;; rel=&quot;&lt;&quot;, ' +
      '&lt;<a href="https://b.example" rel="external nofollow">https://b.example</a>&gt;',
  ],
  ['link', 'none', 'none'],
]

for (const [name, value, markup] of VALUES) {
  t.test(`renderFieldValue() renders links in ${name}: ${value}`, async (t) => {
    t.equal(String(html`${renderFieldValue(name, value, isReadable)}`), markup)
  })
}

t.test(
  'visibleFields() returns the fields of the resource, with the values of the JSON response',
  async (t) => {
    const headers = {
      'x-request-id': 'id',
      ratelimit: 'r',
      'last-modified': 'now',
      'content-security-policy': 'p',
      'access-control-allow-origin': '*',
      'set-cookie': 's',
      'content-type': 'text/html; charset=utf-8',
      etag: '"1-html"',
      age: 1,
      'www-authenticate': ['Basic', 'Bearer'],
    }
    const shown: [string, string][] = [
      ['age', '1'],
      ['content-type', 'application/json; charset=utf-8'],
      ['etag', '"1-json"'],
      ['www-authenticate', 'Basic, Bearer'],
    ]
    t.strictSame(visibleFields(200, headers), shown)
    t.strictSame(visibleFields(500, headers), [
      ...shown.slice(0, 3),
      ['last-modified', 'now'],
      ['ratelimit', 'r'],
      ['www-authenticate', 'Basic, Bearer'],
      ['x-request-id', 'id'],
    ])
    t.strictSame(visibleFields(404, {}), [shown[1]])
  },
)
