import t from 'tap'
import { writeLink } from '../../../plugins/html-pages/link.ts'
import { html } from '../../../src/http/html.ts'

const isReadable = () => true

const LINKED = ['http://example.com', 'HTTPS://example.com/a?b#c', '/', '/articles/1?a=b', '/a\\b']

for (const target of LINKED) {
  t.test(`${target} is linked to`, async (t) => {
    t.match(
      String(html`${writeLink(target, 'text', isReadable)}`),
      /^<a href="[^"]+"[^>]*>text<\/a>$/,
    )
  })
}

const NOT_LINKED = [
  'javascript:alert(1)',
  ' javascript:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,x',
  'vbscript:x',
  'file:///etc/passwd',
  'ftp://example.com',
  'mailto:a@example.com',
  'http:example.com',
  'http://',
  'http://[',
  'http://a b',
  'http://a\nb',
  '//example.com',
  '/\\example.com',
  '/\t/example.com',
  '/é',
  'articles',
  '',
]

for (const target of NOT_LINKED) {
  t.test(`${JSON.stringify(target)} is not linked to`, async (t) => {
    t.equal(writeLink(target, 'text', isReadable), 'text')
  })
}

t.test('a path is linked to where it can be read', async (t) => {
  const asked: string[] = []
  const isThere = (path: string) => asked.push(path) > 1
  t.equal(writeLink('/a', 'text', isThere), 'text')
  t.equal(String(writeLink('/a?b', 'text', isThere)), '<a href="/a?b">text</a>')
  t.same(asked, ['/a', '/a?b'])
})
