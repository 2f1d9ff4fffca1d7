import t from 'tap'
import { parsePathPrefix, withPathPrefix } from '../../../src/http/path-prefix.ts'

const PREFIXES: [field: string, prefix: string][] = [
  ['/api', '/api'],
  ['/api/', '/api'],
  ['/api/v1.2', '/api/v1.2'],
  ['/a-b_c~d/(e)@f:g;h=i', '/a-b_c~d/(e)@f:g;h=i'],
  ['/..a/b..', '/..a/b..'],
  ['', ''],
  ['/', ''],
  ['/outer, /inner', '/outer/inner'],
  ['/outer/,/inner/', '/outer/inner'],
  ['/, /api', '/api'],
]

for (const [field, prefix] of PREFIXES) {
  t.test(
    `parsePathPrefix() returns ${prefix || 'nothing'} for ${field || 'nothing'}`,
    async (t) => {
      t.equal(parsePathPrefix(field), prefix)
    },
  )
}

const REFUSED = [
  'api',
  '//evil.example',
  '/\\evil.example',
  '/api//v1',
  '/api/..',
  '/../api',
  '/./api',
  '/api/.',
  '/%2e%2e',
  '/api?a=b',
  '/api#a',
  '/a b',
  '/a"b',
  '/a>b',
  '/é',
  '/a\u0000b',
  '/a, b',
  'https://evil.example',
  'https://evil.example/a',
  '/a, //evil.example',
]

for (const field of REFUSED) {
  t.test(`parsePathPrefix() throws 400 for ${JSON.stringify(field)}`, async (t) => {
    const message = 'X-Forwarded-Prefix is not a path such as /api'
    t.throws(() => parsePathPrefix(field), { statusCode: 400, message })
  })
}

t.test('withPathPrefix() adds the prefix to paths, and not to other URLs', async (t) => {
  const fields = {
    location: '/a?b=/c',
    'content-location': '/a',
    link: '</a>; rel="first", </b?c=1>; rel="next"; title="</d>", <https://d.example/a>; rel="author"',
    etag: '"/a"',
  }
  t.strictSame(withPathPrefix(fields, '/api'), {
    location: '/api/a?b=/c',
    'content-location': '/api/a',
    link: '</api/a>; rel="first", </api/b?c=1>; rel="next"; title="</d>", <https://d.example/a>; rel="author"',
  })
  const others = { location: '//d.example/a', 'content-location': 'https://d.example/a' }
  t.strictSame(withPathPrefix(others, '/api'), {})
  t.strictSame(withPathPrefix({ location: 'a', link: '<//d.example>' }, '/api'), {
    link: '<//d.example>',
  })
})
