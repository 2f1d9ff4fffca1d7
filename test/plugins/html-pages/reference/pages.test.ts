import type { FastifyPluginAsync } from 'fastify'
import t from 'tap'
import { type TSchema, Type } from 'typebox'
import { deprecated } from '../../../../src/http/deprecation.ts'
import { HTML } from '../../../../src/http/media-types.ts'
import { problemResponses } from '../../../../src/schemas/responses.ts'
import { build, buildWith, expectReply } from '../../../app.ts'
import '../../../fixtures/register.ts'
import { pageOf, readPage, textIn } from '../../../page.ts'

t.test(
  'GET /docs lists every operation of the OpenAPI document, and each has a page',
  async (t) => {
    const app = await build(t)
    const expected = { type: HTML, headers: { 'cache-control': 'no-cache' } }
    const { body, headers } = await expectReply(t, app, { url: '/docs' }, expected)
    t.same(readPage(body).errors, [], 'the list is valid HTML')
    const unchanged = await app.inject({
      url: '/docs',
      headers: { 'if-none-match': String(headers.etag) },
    })
    t.equal(unchanged.statusCode, 304)
    const operations = Object.values(app.openApiDocument().paths).flatMap((item) =>
      Object.values(item),
    )
    const links = readPage(body).elements.filter(({ attributes }) =>
      attributes.href?.startsWith('/docs/'),
    )
    t.same(
      links.map(({ attributes }) => attributes.href).sort(),
      operations.map(({ operationId }) => `/docs/${operationId}`).sort(),
    )
    for (const { attributes, text } of links) {
      const url = String(attributes.href)
      const page = (await expectReply(t, app, { url }, expected)).body
      t.same(readPage(page).errors, [], `${url} is valid HTML`)
      t.equal(textIn(page, 'h1'), text, `${url} has the summary as its heading`)
    }
  },
)

t.test('GET /docs describes each resource as its tag in the OpenAPI document', async (t) => {
  const app = await build(t)
  const page = readPage(await pageOf(app, { url: '/docs' }))
  const paragraphs = page.elements.filter(({ name }) => name === 'p').map(({ text }) => text)
  const { tags = [] } = app.openApiDocument()
  const descriptions = tags.flatMap(({ description }) => description ?? [])
  t.ok(descriptions.length > 0)
  for (const text of descriptions) t.ok(paragraphs.includes(text), text)
})

t.test('the reference pages are only available as HTML', async (t) => {
  const app = await build(t)
  for (const url of ['/docs', '/docs/readFixtureNote']) {
    const headers = { accept: 'application/json' }
    await expectReply(t, app, { url, headers }, { status: 406 })
    const refused = { status: 405, headers: { allow: 'GET, HEAD, OPTIONS' } }
    await expectReply(t, app, { method: 'POST', url }, refused)
  }
  for (const url of ['/docs/', '/docs/nope', '/docs/readFixtureNote/more']) {
    await expectReply(t, app, { url }, { status: 404 })
  }
})

t.test(
  'the reference pages are not in the OpenAPI document, and need the plugin openapi',
  async (t) => {
    const app = await build(t)
    await app.ready()
    t.notOk(Object.keys(app.openApiDocument().paths).some((path) => path.startsWith('/docs')))
    const without = await build(t, {}, { without: ['openapi'] })
    for (const url of ['/docs', '/docs/readFixtureNote']) {
      t.equal((await without.inject(url)).statusCode, 404)
    }
    const page = await pageOf(without, { url: '/notes/123' })
    t.notMatch(page, '/docs', 'the pages of resources link to no reference')
  },
)

t.test('a reference page describes parameters, body, successes and failures', async (t) => {
  const app = await build(t)
  const page = await pageOf(app, { url: '/docs/replaceFixtureNote' })
  t.equal(textIn(page, '.target'), 'PUT /notes/{noteId}')
  const terms = readPage(page).elements.filter(({ name }) => name === 'dt')
  const names = terms.map(({ text }) => text)
  for (const name of [
    'noteId path, required',
    'If-Match header',
    'title required',
    '404',
    'others',
  ]) {
    t.ok(
      names.some((text) => text.startsWith(name)),
      name,
    )
  }
  const { elements } = readPage(page)
  const details = elements.filter(({ name }) => name === 'details')
  t.ok(details.length > 0)
  t.same(
    details.filter(({ attributes }) => 'open' in attributes),
    [],
    'failures and regular expressions are closed',
  )
  const failures = details.find(({ attributes }) => attributes.class === 'failures')
  t.match(failures?.text, /^Failures: 400, 401, .*\n/)
  t.match(failures?.text, '"status": 400', 'the shape of a failure')
  const outside = elements.filter(({ name, text }) => name === 'dd' && /\^\(\?/.test(text))
  for (const { text } of outside) t.match(text, /\nPattern\n/)
  t.match(page, /"title": "A title"|&quot;title&quot;/, 'the example of the success')
  const links = elements.filter(({ name }) => name === 'a').map(({ attributes }) => attributes.href)
  t.ok(links.includes('/notes'), 'a link to the list, which exists without the example')
  const current = elements.filter(({ attributes }) => attributes['aria-current'])
  t.same(
    current.map(({ text, attributes }) => `${text} ${attributes['aria-current']}`),
    ['Reference true', 'PUT Create or replace a note page', 'Create or replace a note page'],
  )
})

const Filters = Type.Object({
  state: Type.Array(Type.Enum(['open', 'done']), { maxItems: 2 }),
  shown: Type.Optional(
    Type.Boolean({
      default: true,
      ...deprecated({ since: '2026-01-01', link: 'https://a.example' }),
    }),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
})
const Inner = Type.Object({ name: Type.Union([Type.String({ minLength: 2 }), Type.Null()]) })
const deep = [1, 2, 3, 4, 5].reduce<TSchema>((inner) => Type.Object({ deep: inner }), Type.String())
const Body = Type.Object(
  {
    deep,
    values: Type.Array(Type.Unknown()),
    inner: Inner,
    list: Type.Array(Inner, { minItems: 1, description: 'With `code`' }),
  },
  { description: 'A **bold** body' },
)

const unusual: FastifyPluginAsync = async (app) => {
  const schema = {
    querystring: Filters,
    body: Body,
    ...deprecated({ since: '2026-01-01', link: 'https://a.example' }),
  }
  app.post('/unusual/:name/*', { schema }, async () => 'text')
  const externalDocs = { url: 'https://a.example/guide', description: 'A guide' }
  const documented = { externalDocs }
  const other = { externalDocs: { url: 'https://b.example' } }
  app.get('/unusual', { schema: documented }, async () => 'text')
  app.delete('/unusual/gone', { schema: { response: problemResponses(428) } }, async () => 'text')
  app.get('/unusual/many', { schema: { querystring: Filters, ...other } }, async () => 'text')
}

t.test('a reference page works for any route', async (t) => {
  const app = await buildWith(t, unusual)
  const page = await pageOf(app, { url: '/docs/post-unusual-name-path' })
  t.same(readPage(page).errors, [], 'the page is valid HTML')
  t.equal(textIn(page, 'h1'), 'POST /unusual/{name}/{path}')
  t.match(page, 'This operation is deprecated')
  const terms = readPage(page).elements.filter(({ name }) => name === 'dt')
  const facts = terms.map(({ text }) => text)
  for (const fact of [
    'shown query, deprecated',
    'inner required',
    'inner.name required',
    'list[].name required',
    'deep.deep.deep.deep.deep required',
  ]) {
    t.ok(facts.includes(fact), fact)
  }
  t.notOk(facts.includes('deep.deep.deep.deep.deep.deep required'), 'deeper members are left out')
  t.match(page, 'array of values')
  t.match(page, 'array of one of open, done')
  t.match(page, 'string · at least 2 characters, or null')
  t.match(page, 'A <strong>bold</strong> body')
  t.match(page, 'With <code>code</code>')
  t.match(page, 'default true')
  t.match(page, '<code>/unusual/{name}/{path}</code>')
  const read = await pageOf(app, { url: '/docs/get-unusual' })
  t.equal(textIn(read, 'h1'), 'GET /unusual')
  t.notMatch(read, 'id="body"')
  const unread = await pageOf(app, { url: '/docs/delete-unusual-gone' })
  t.match(unread, 'name="If-Match"')
  t.notMatch(unread, 'Read ETag', 'no operation reads the resource')
  const list = await pageOf(app, { url: '/docs' })
  t.match(list, '<small>deprecated</small>')
  t.match(await pageOf(app, { url: '/docs/get-unusual-many' }), 'multiple')
})

t.test('each link to an operation beside a page has a text of its own', async (t) => {
  const app = await build(t)
  const { elements } = readPage(await pageOf(app, { url: '/docs/mirrorGet' }))
  const texts = elements.flatMap(({ name, text, attributes }) =>
    name === 'a' && attributes.href?.startsWith('/docs/mirror') ? text : [],
  )
  t.same(
    texts.sort(),
    ['DELETE', 'GET', 'PATCH', 'POST', 'PUT'].map((method) => `${method} Return the request`),
  )
})

t.test('the start page links to documents, resources and operations', async (t) => {
  const app = await buildWith(t, unusual)
  const page = await pageOf(app, { url: '/' })
  t.same(readPage(page).errors, [], 'the page is valid HTML')
  t.match(page, '<a href="https://a.example/guide" rel="external nofollow">A guide</a>')
  t.match(page, '>https://b.example</a>')
  t.match(page, '<a href="/docs/get-unusual" aria-label="GET /unusual">')
  t.match(page, '<a href="/docs/post-unusual-name-path"><code>/unusual/{name}/{path}</code></a>')
  t.match(page, '<a href="/docs/readFixtureNote"><code>/notes/{noteId}</code></a>')
  const without = await build(t, {}, { without: ['openapi'] })
  const plain = await pageOf(without, { url: '/' })
  t.notMatch(plain, '/docs')
  t.match(plain, '<code>/notes/{noteId}</code>')
})

t.test('the command on a reference page is the request that the form sends', async (t) => {
  const app = await build(t)
  const page = await pageOf(app, { url: '/docs/replaceFixtureNote' })
  const command = String(textIn(page, '.command')).replaceAll(' \\\n ', '')
  t.match(command, `curl -i -X PUT -u admin:secret -H 'Accept: application/json'`)
  t.match(command, `-H 'Content-Type: application/json' --data-raw '{"title":`)
  t.match(command, /http:\/\/localhost:80\/notes\/\d+$/)
})

t.test('only operations that need credentials have those of the public account', async (t) => {
  const app = await buildWith(t, async (app) => {
    const schema = { operationId: 'readOpen', response: problemResponses(401) }
    app.get('/open', { schema }, async () => 'text')
  })
  const open = await pageOf(app, { url: '/docs/readOpen' })
  t.equal(textIn(open, 'legend'), 'Authorization (optional)')
  t.notMatch(open, 'admin')
  const vault = await pageOf(app, { url: '/docs/readVault' })
  t.equal(textIn(vault, 'legend'), 'Authorization')
  t.match(vault, 'data-part="user" type="text" value="admin"')
  t.match(vault, 'data-part="secret" type="password" value="secret"')
})
