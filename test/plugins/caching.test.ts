import type { FastifyContextConfig, FastifyInstance } from 'fastify'
import t from 'tap'
import { AUTHORIZATION, build, buildWith, expectReply, write } from '../app.ts'
import '../fixtures/register.ts'

const LONG = { public: true, maxAge: 60, sMaxAge: 600 }
const SIGNED = { authorization: AUTHORIZATION }

/** Registers routes that require authentication in each way, and routes with policies. */
async function routes(app: FastifyInstance) {
  const onRequest = app.requireAuth()
  app.get('/guarded', { onRequest }, async () => 'mine')
  app.get('/guarded/list', { onRequest: [async () => {}, onRequest] }, async () => 'mine')
  app.get('/guarded/brief', { onRequest, config: { cache: { maxAge: 5 } } }, async () => 'mine')
  await app.register(async (scope) => {
    scope.addHook('onRequest', onRequest)
    scope.get('/guarded/scope', async () => 'mine')
    // The scope is not known when the route is registered.
    scope.get('/guarded/shared', { config: { cache: LONG } }, async () => 'mine')
  })
  app.get('/own', (_request, reply) => reply.header('cache-control', 'max-age=9').send('own'))
  app.get('/kept', { config: { cache: LONG } }, async () => 'kept')
  app.get('/late', { config: { cache: LONG } }, (_request, reply) => reply.code(503).send('late'))
  app.get('/moved', (_request, reply) => reply.redirect('/kept'))
  app.get('/broken', { config: { cache: LONG } }, (_request, reply) => {
    reply.header('cache-control', 'max-age=60')
    throw new Error('broken')
  })
}

const POLICIES: [url: string, headers: Record<string, string>, status: number, policy: string][] = [
  ['/greeting', {}, 200, 'no-cache'],
  ['/greeting', SIGNED, 200, 'private, no-cache'],
  ['/notes', {}, 200, 'no-cache'],
  ['/notes/123', {}, 200, 'no-cache'],
  ['/notes/123', { 'if-none-match': '*' }, 304, 'no-cache'],
  ['/notes/123', { 'if-match': '"x"' }, 412, 'no-store'],
  ['/vault', SIGNED, 200, 'no-store'],
  ['/vault', {}, 401, 'no-store'],
  ['/guarded', SIGNED, 200, 'private, no-cache'],
  ['/guarded/list', SIGNED, 200, 'private, no-cache'],
  ['/guarded/scope', SIGNED, 200, 'private, no-cache'],
  ['/guarded/scope', {}, 401, 'no-store'],
  ['/guarded/brief', SIGNED, 200, 'private, max-age=5'],
  ['/guarded/shared', SIGNED, 200, 'private, max-age=60'],
  ['/own', {}, 200, 'max-age=9'],
  ['/kept', {}, 200, 'public, max-age=60, s-maxage=600'],
  ['/kept', SIGNED, 200, 'public, max-age=60, s-maxage=600'],
  ['/kept', { 'if-none-match': '*' }, 304, 'public, max-age=60, s-maxage=600'],
  ['/late', {}, 503, 'no-store'],
  ['/moved', {}, 302, 'no-cache'],
  ['/broken', {}, 500, 'no-store'],
  ['/nowhere', {}, 404, 'no-store'],
  ['/%', {}, 400, 'no-store'],
  ['/health/live', {}, 200, 'no-store'],
]

t.test('each response has the caching policy of its status, route and credentials', async (t) => {
  const app = await buildWith(t, routes)
  for (const [url, headers, status, policy] of POLICIES) {
    for (const method of ['GET', 'HEAD'] as const) {
      const reply = await app.inject({ method, url, headers })
      const label = `${method} ${url} with ${Object.keys(headers)}`
      t.equal(reply.statusCode, status, label)
      t.equal(reply.headers['cache-control'], policy, label)
    }
  }
})

t.test('responses to other methods have a policy too', async (t) => {
  const app = await build(t, { CORS_ORIGIN: 'https://a.example' })
  const note = { title: 'a', body: 'b', author: 'c' }
  const preflight = { origin: 'https://a.example', 'access-control-request-method': 'PUT' }
  for (const [request, status, policy] of [
    [write('POST', '/notes', {}, note), 201, 'private, no-cache'],
    [write('DELETE', '/notes/123', { 'if-match': '*' }), 204, 'private, no-cache'],
    [write('PUT', '/greeting', {}, note), 405, 'no-store'],
    [{ method: 'OPTIONS', url: '/greeting' }, 204, 'no-cache'],
    [{ method: 'OPTIONS', url: '/greeting', headers: preflight }, 204, 'no-cache'],
  ] as const) {
    await expectReply(t, app, request, { status, headers: { 'cache-control': policy } })
  }
})

t.test('a response that other clients may get from a cache has no rate limit fields', async (t) => {
  const app = await buildWith(t, routes, { RATE_LIMIT: '100' })
  const { headers: kept } = await app.inject('/kept')
  t.notOk(kept.ratelimit ?? kept['ratelimit-policy'])
  for (const url of ['/greeting', '/guarded/brief']) {
    const { headers } = await app.inject({ url, headers: SIGNED })
    t.ok(headers.ratelimit && headers['ratelimit-policy'], url)
  }
})

const REFUSED: [cache: object, isProtected: boolean, message: RegExp][] = [
  [{ maxAge: -1 }, false, /^GET \/bad, config\.cache: option maxAge must be >= 0$/],
  [{ maxAge: '60' }, false, /^GET \/bad, config\.cache: option maxAge must be integer$/],
  [{ ttl: 60 }, false, /^GET \/bad, config\.cache: option ttl is unknown; options: maxAge,/],
  [{ noStore: true, maxAge: 1 }, false, /^GET \/bad, config\.cache: noStore cannot be combined/],
  [
    LONG,
    true,
    /^GET \/bad, config\.cache: a route that requires authentication cannot have public/,
  ],
]

for (const [cache, isProtected, message] of REFUSED) {
  t.test(`the app does not start with the policy ${JSON.stringify(cache)}`, async (t) => {
    const app = await build(t)
    const onRequest = isProtected ? app.requireAuth() : []
    const config = { cache } as FastifyContextConfig // the type refuses some of the policies
    t.throws(() => app.get('/bad', { onRequest, config }, async () => 'bad'), { message })
  })
}

t.test('the OpenAPI document shows the policy of a route', async (t) => {
  const schema = (operationId: string) => ({ operationId, response: { 200: { type: 'string' } } })
  const app = await buildWith(t, async (app) => {
    app.get('/fresh', { schema: schema('fresh'), config: { cache: LONG } }, async () => 'fresh')
    const onRequest = app.requireAuth()
    const config = { cache: { maxAge: 5 } }
    app.get('/mine', { schema: schema('mine'), onRequest, config }, async () => 'mine')
  })
  await app.ready()
  const policyOf = (path: string) =>
    Object(app.openApiDocument().paths[path]?.get?.responses[200]).headers['Cache-Control']
  t.match(policyOf('/fresh'), { schema: { const: 'public, max-age=60, s-maxage=600' } })
  t.match(policyOf('/mine'), { schema: { const: 'private, max-age=5' } })
  t.strictSame(policyOf('/notes'), { $ref: '#/components/headers/Cache-Control' })
})

t.test('an HTML page shows the policy', async (t) => {
  const app = await build(t)
  const pageOf = async (url: string) =>
    (await app.inject({ url, headers: { ...SIGNED, accept: 'text/html' } })).body
  t.match(await pageOf('/vault'), /Cache-Control.*no-store/)
  t.match(await pageOf('/notes/4'), /Cache-Control.*no-store/)
  t.match(await pageOf('/notes/123'), /Cache-Control.*private, no-cache/)
})
