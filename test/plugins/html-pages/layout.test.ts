import t from 'tap'
import { crumbsOf, renderLayout } from '../../../plugins/html-pages/layout.ts'
import { readPage } from '../../page.ts'

function linksOf(path: string, readable: string[], pathPrefix = '') {
  const isReadable = (each: string) => readable.includes(each)
  const crumbs = crumbsOf({ path, pathPrefix })
  const markup = renderLayout({ title: 't', crumbs, pathPrefix, isReadable }, 'main')
  const { elements } = readPage(markup)
  return elements.flatMap(({ name, attributes, text }) =>
    name === 'a' ? `${text} ${attributes.href}` : [],
  )
}

const ALWAYS = ['Skip to content #main', 'restful-web-api /']

t.test('a page links to resources, reference and OpenAPI document if they exist', async (t) => {
  t.same(linksOf('/', []), ALWAYS)
  t.same(linksOf('/', ['/#resources', '/docs', '/openapi.json']), [
    ...ALWAYS,
    'Resources /#resources',
    'Reference /docs',
    'OpenAPI /openapi.json',
  ])
})

t.test('the breadcrumbs link to the readable paths above the page', async (t) => {
  t.same(linksOf('/a//b/c', ['/', '/a', '/a/b/c']), [...ALWAYS, 'Home /', 'a /a'])
})

t.test('the breadcrumbs do not repeat each beginning of a deep path', async (t) => {
  const markup = (depth: number) => {
    const path = '/a'.repeat(depth)
    const crumbs = crumbsOf({ path, pathPrefix: '' })
    return renderLayout({ title: 't', crumbs, pathPrefix: '', isReadable: () => true }, 'main')
  }
  const itemsAt = (depth: number) => markup(depth).split('<li>').length - 1
  t.same([19, 20, 21, 4_000].map(itemsAt), [20, 21, 21, 21], 'the home page and 20 more')
  t.match(markup(22), 'aria-current="page">a/a/a<')
})

t.test('the links of a page begin with the path prefix', async (t) => {
  t.same(linksOf('/api/v1/a/b', ['/api/v1/', '/api/v1/a', '/api/v1/docs', '/api'], '/api/v1'), [
    'Skip to content #main',
    'restful-web-api /api/v1/',
    'Reference /api/v1/docs',
    'Home /api/v1/',
    'a /api/v1/a',
  ])
})
