import type { FastifyPluginAsync } from 'fastify'
import t from 'tap'
import { Type } from 'typebox'
import { deprecated } from '../../src/http/deprecation.ts'
import { dataResponse, problemResponses } from '../../src/schemas/responses.ts'
import { AUTHORIZATION, build, buildWith, expectReply } from '../app.ts'
import '../fixtures/register.ts'

const GUIDE = 'https://api.example/changes#old'
const OLD = deprecated({ since: '2026-12-01', sunset: '2027-06-01', link: GUIDE })
const NOT_YET = deprecated({ since: '2030-01-01', link: 'https://api.example/changes#sort' })

const Item = Type.Object({ name: Type.String() }, { title: 'Item' })
const Draft = Type.Object(
  {
    name: Type.String(),
    nick: Type.Optional(Type.String(OLD)),
    owner: Type.Optional(Type.Object({ id: Type.Optional(Type.Integer(NOT_YET)) })),
  },
  { title: 'Draft', examples: [{ name: 'a' }] },
)
const theItem = dataResponse('The item', Item)

const routes: FastifyPluginAsync = async (app) => {
  const old = {
    operationId: 'readOldItem',
    summary: 'Read an old item',
    description: 'Returns the item.',
    response: { 200: theItem, ...problemResponses(400, 404) },
    ...OLD,
  }
  app.get(
    '/old-items/:id',
    { schema: { ...old, params: Type.Object({ id: Type.Integer() }) } },
    async (_, reply) =>
      reply
        .header('link', '</old-items>; rel="collection"')
        .represent({ 'application/json': { name: 'a' } }),
  )
  const list = {
    operationId: 'listItems',
    summary: 'List items',
    querystring: Type.Object({
      sort: Type.Optional(Type.String({ ...NOT_YET, description: 'Order' })),
    }),
    response: { 200: theItem, ...problemResponses(400) },
  }
  app.get('/items', { schema: list }, async (_, reply) =>
    reply.represent({ 'application/json': { name: 'a' } }),
  )
  const create = {
    operationId: 'createItem',
    summary: 'Create an item',
    body: Draft,
    response: { 201: theItem, ...problemResponses(400) },
  }
  app.post('/items', { schema: create }, async (_, reply) =>
    reply
      .code(201)
      .header('location', '/items/1')
      .represent({ 'application/json': { name: 'a' } }),
  )
  const send = {
    ...create,
    operationId: 'sendItem',
    body: {
      content: { 'application/json': { schema: Draft }, 'text/plain': { schema: Type.String() } },
    },
  }
  app.post('/sent-items', { schema: send }, async (_, reply) =>
    reply
      .code(201)
      .header('location', '/items/1')
      .represent({ 'application/json': { name: 'a' } }),
  )
}

const JSON_ONLY = { accept: 'application/json' }
const ANNOUNCED = {
  deprecation: '@1796083200',
  sunset: 'Tue, 01 Jun 2027 00:00:00 GMT',
  link: `<${GUIDE}>; rel="deprecation sunset"`,
}
const SILENT = { deprecation: undefined, sunset: undefined, link: undefined }

t.test('each response of a deprecated operation has Deprecation, Sunset and a link', async (t) => {
  const app = await buildWith(t, routes)
  const read = (url: string, headers: object = {}) => ({
    url,
    headers: { ...JSON_ONLY, ...headers },
  })
  const links = `</old-items>; rel="collection", ${ANNOUNCED.link}`
  await expectReply(t, app, read('/old-items/1'), {
    headers: { ...ANNOUNCED, link: links },
  })
  await expectReply(
    t,
    app,
    { ...read('/old-items/1'), method: 'HEAD' },
    { headers: { ...ANNOUNCED, link: links } },
  )
  await expectReply(t, app, read('/old-items/x'), {
    status: 400,
    headers: { ...ANNOUNCED, link: undefined },
  })
})

const CASES: [title: string, request: object, headers: object][] = [
  ['without the parameter', { url: '/items' }, SILENT],
  [
    'with a deprecated parameter',
    { url: '/items?sort=name' },
    {
      deprecation: '@1893456000',
      sunset: undefined,
      link: '<https://api.example/changes#sort>; rel="deprecation"',
    },
  ],
  [
    'with a body without the members',
    { method: 'POST', url: '/items', payload: { name: 'a', owner: {} } },
    SILENT,
  ],
  [
    'with a deprecated member',
    { method: 'POST', url: '/items', payload: { name: 'a', nick: 'b' } },
    ANNOUNCED,
  ],
  [
    'with a deprecated member of an object, and another one',
    { method: 'POST', url: '/items', payload: { name: 'a', nick: 'b', owner: { id: 1 } } },
    {
      ...ANNOUNCED,
      link: `${ANNOUNCED.link}, <https://api.example/changes#sort>; rel="deprecation"`,
    },
  ],
  [
    'with an invalid body',
    {
      method: 'POST',
      url: '/items',
      payload: '1',
      headers: { 'content-type': 'application/json' },
    },
    SILENT,
  ],
  [
    'with a member of one of several media types',
    { method: 'POST', url: '/sent-items', payload: { name: 'a', nick: 'b' } },
    ANNOUNCED,
  ],
]

for (const [title, request, headers] of CASES) {
  t.test(
    `a request ${title} gets ${headers === SILENT ? 'no Deprecation' : 'Deprecation'}`,
    async (t) => {
      const app = await buildWith(t, routes)
      const { headers: fields } = await app.inject({
        ...request,
        headers: { ...JSON_ONLY, ...Object(request).headers },
      })
      t.match({ deprecation: undefined, sunset: undefined, link: undefined, ...fields }, headers)
    },
  )
}

t.test('the metrics count requests by deprecated operation, member and client', async (t) => {
  const app = await buildWith(t, routes)
  await app.inject({ url: '/old-items/1' })
  await app.inject({ url: '/old-items/1', headers: { authorization: AUTHORIZATION } })
  await app.inject({ method: 'POST', url: '/items', payload: { name: 'a', owner: { id: 1 } } })
  await app.inject({ url: '/items' })
  const { body } = await app.inject('/metrics')
  const lines = body.split('\n').filter((line) => line.startsWith('http_deprecated_requests_total'))
  t.same(lines.sort(), [
    'http_deprecated_requests_total{operation="createItem",member="body.owner.id",client=""} 1',
    'http_deprecated_requests_total{operation="readOldItem",member="",client=""} 2',
  ])
})

const METRIC = 'http_deprecated_requests_total'

t.test('the metrics name a limited number of clients', async (t) => {
  const authenticate = async ({ token }: { token: string }) => ({ name: token, scopes: [] })
  const app = await buildWith(
    t,
    async (scope) => {
      const onRequest = scope.requireAuth()
      scope.get('/old', { onRequest, schema: { operationId: 'readOld', ...OLD } }, async () => '')
    },
    {},
    { schemes: ['Bearer'], authenticate: authenticate as never },
  )
  for (let index = 0; index < 102; index++) {
    await app.inject({ url: '/old', headers: { authorization: `Bearer client${index}` } })
  }
  const family = (await app.metrics?.read())?.find(({ name }) => name === METRIC)
  const counts = family?.values.map(({ labels, value }) => [Object(labels).client, value]) ?? []
  t.equal(counts.length, 101)
  t.match(Object.fromEntries(counts), { client0: 1, client99: 1, other: 2 })
})

t.test('the OpenAPI document marks operations, parameters and members', async (t) => {
  const app = await buildWith(t, routes)
  await app.ready()
  const { paths } = app.openApiDocument()
  t.match(paths['/old-items/{id}']?.get, {
    deprecated: true,
    'x-deprecation': OLD['x-deprecation'],
    description:
      /^Deprecated from 2026-12-01, may be gone from 2027-06-01\. See https.*#old\.\n\nReturns the item\./,
  })
  t.notOk(paths['/items']?.get?.deprecated)
  t.match(paths['/items']?.get?.parameters?.[0], { name: 'sort', deprecated: true })
})

t.test('pages show deprecations', async (t) => {
  const app = await buildWith(t, routes)
  const page = async (url: string) =>
    (await app.inject({ url, headers: { accept: 'text/html' } })).body
  const note =
    'Deprecated from 2026-12-01, may be gone from 2027-06-01. <a href="https://api.example/changes#old">What to use instead</a>'
  t.match(await page('/old-items/1'), `<p class="deprecated">${note}</p>`)
  const items = await page('/items')
  t.match(items, '<p class="deprecated"><code>query.sort</code>: Deprecated from 2030-01-01. <a')
  t.match(items, `<p class="deprecated"><code>body.nick</code>: ${note}</p>`)
  t.match(await page('/'), 'Read an old item (deprecated)')
})

const INVALID: [deprecation: object, message: RegExp][] = [
  [{ since: '2026-02-30', link: GUIDE }, /^deprecation of \/items: option since must match format/],
  [{ since: '2026-12-01' }, /^deprecation of \/items: .*link/],
  [{ since: '2026-12-01', link: 'javascript:alert(1)' }, /option link must match pattern/],
  [{ since: '2026-12-01', link: GUIDE, until: '2027-01-01' }, /option until is unknown/],
]

for (const [deprecation, message] of INVALID) {
  t.test(`the start is refused with the mark ${JSON.stringify(deprecation)}`, async (t) => {
    const app = await build(t)
    const schema = { 'x-deprecation': deprecation } as object
    app.register(async (scope) => void scope.get('/items', { schema }, async () => ''))
    await t.rejects(async () => app.ready(), { message })
  })
}
