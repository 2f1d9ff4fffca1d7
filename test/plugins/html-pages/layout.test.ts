import t from 'tap'
import { renderPage } from '../../../plugins/html-pages/layout.ts'
import { readPage } from '../../page.ts'

function linksOf(path: string, readable: string[]) {
  const markup = renderPage('t', path, (each) => readable.includes(each), 'main')
  const { elements } = readPage(markup)
  return elements.flatMap(({ name, attributes, text }) =>
    name === 'a' ? `${text} ${attributes.href}` : [],
  )
}

const ALWAYS = ['Skip to content #main', 'restful-web-api /']

t.test('a page links to the console and the contract where they are there', async (t) => {
  t.same(linksOf('/', []), ALWAYS)
  t.same(linksOf('/', ['/docs', '/openapi.json']), [
    ...ALWAYS,
    'Console /docs',
    'OpenAPI /openapi.json',
  ])
})

t.test('a page links to what is above it and can be read', async (t) => {
  t.same(linksOf('/a//b/c', ['/a', '/a/b/c']), [...ALWAYS, 'Home /', 'a /a'])
})
