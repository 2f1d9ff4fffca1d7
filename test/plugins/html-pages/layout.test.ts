import t from 'tap'
import { renderLayout } from '../../../plugins/html-pages/layout.ts'
import { readPage } from '../../page.ts'

function linksOf(path: string, readable: string[]) {
  const markup = renderLayout('t', path, (each) => readable.includes(each), 'main')
  const { elements } = readPage(markup)
  return elements.flatMap(({ name, attributes, text }) =>
    name === 'a' ? `${text} ${attributes.href}` : [],
  )
}

const ALWAYS = ['Skip to content #main', 'restful-web-api /']

t.test('a page links to the console and the OpenAPI document if they exist', async (t) => {
  t.same(linksOf('/', []), ALWAYS)
  t.same(linksOf('/', ['/docs', '/openapi.json']), [
    ...ALWAYS,
    'Console /docs',
    'OpenAPI /openapi.json',
  ])
})

t.test('the breadcrumbs link to the readable paths above the page', async (t) => {
  t.same(linksOf('/a//b/c', ['/a', '/a/b/c']), [...ALWAYS, 'Home /', 'a /a'])
})
