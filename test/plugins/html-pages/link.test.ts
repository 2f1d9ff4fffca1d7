import t from 'tap'
import { renderLink } from '../../../plugins/html-pages/link.ts'
import { html } from '../../../src/http/html.ts'

const isReadable = () => true

const LINKED = ['http://example.com', 'HTTPS://example.com/a?b#c', '/', '/books/1?a=b', '/a\\b']

for (const target of LINKED) {
  t.test(`renderLink() links to ${target}`, async (t) => {
    t.match(
      String(html`${renderLink(target, 'text', isReadable)}`),
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
  'books',
  '',
]

for (const target of NOT_LINKED) {
  t.test(`renderLink() does not link to ${JSON.stringify(target)}`, async (t) => {
    t.equal(renderLink(target, 'text', isReadable), 'text')
  })
}

t.test('renderLink() links to a path only if the path is readable', async (t) => {
  const asked: string[] = []
  const isThere = (path: string) => asked.push(path) > 1
  t.equal(renderLink('/a', 'text', isThere), 'text')
  t.equal(String(renderLink('/a?b', 'text', isThere)), '<a href="/a?b">text</a>')
  t.same(asked, ['/a', '/a?b'])
})
