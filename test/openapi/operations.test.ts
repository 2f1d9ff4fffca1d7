import '../fixtures/add.ts'
import t, { type Test } from 'tap'
import type { Document } from '../../plugins/openapi/openapi.ts'
import { build } from '../app.ts'
import { type Call, callsOf, exampleOf } from './examples.ts'
import { openApiViolations } from './responses.ts'

async function call(t: Test, calls: (document: Document) => Call[]) {
  const app = await build(t)
  await app.ready()
  const document = app.openApiDocument()
  const responses = []
  for (const each of calls(document)) {
    const request = exampleOf(document, each)
    const first = await app.inject(request)
    // Resources of other examples may have the same unique member, or refer to this one.
    const reply = first.statusCode === 409 ? await callAlone(t, document, each) : first
    const method = each.method.toUpperCase()
    const violations = openApiViolations(app, { method, url: String(request.url) }, reply)
    responses.push({ ...each, request, reply, violations })
  }
  return { app, document, responses }
}

/** Sends the example of an operation to a service that has only the resources that its path is under. */
async function callAlone(t: Test, document: Document, call: Call) {
  const app = await build(t)
  const parents = callsOf(document).filter(
    ({ method, path }) => method === 'post' && call.path.startsWith(`${path}/`),
  )
  for (const parent of parents) await app.inject(exampleOf(document, parent))
  return app.inject(exampleOf(document, call))
}

t.test('every operation succeeds with its example, as the OpenAPI document declares', async (t) => {
  const { responses } = await call(t, callsOf)
  t.ok(responses.length > 0, 'the document has operations')
  for (const { operation, reply, violations } of responses) {
    const { operationId } = operation
    t.ok(operationId, 'the operation has an operationId')
    t.ok(reply.statusCode < 300, `${operationId} returns ${reply.statusCode}`, { body: reply.body })
    t.same(violations, [], 'the response is as the OpenAPI document declares')
  }
})

t.test('every operation that declares 206 or 304 can return that status', async (t) => {
  const { app, responses } = await call(t, (document) =>
    callsOf(document).filter(({ method }) => ['post', 'get'].includes(method)),
  )
  const conditions: Record<string, (etag: string) => Record<string, string>> = {
    206: () => ({ range: 'bytes=0-0' }),
    304: (etag) => ({ 'if-none-match': etag }),
  }
  for (const { operation, request, reply } of responses) {
    for (const [status, fieldsOf] of Object.entries(conditions)) {
      if (!operation.responses[status]) continue
      const headers = { ...request.headers, ...fieldsOf(String(reply.headers.etag ?? '*')) }
      const conditional = await app.inject({ ...request, headers })
      t.equal(String(conditional.statusCode), status, `${operation.operationId} returns ${status}`)
      const target = { method: 'GET', url: String(request.url) }
      t.same(
        openApiViolations(app, target, conditional),
        [],
        'the response is as the OpenAPI document declares',
      )
    }
  }
})

t.test(
  'an operation returns 401 without credentials only if the OpenAPI document requires them',
  async (t) => {
    const app = await build(t, { AUTH_TOKENS: `someone::${'0'.repeat(64)}` })
    await app.ready()
    const document = app.openApiDocument()
    for (const each of callsOf(document)) {
      const { headers, ...request } = exampleOf(document, each)
      const { authorization, ...others } = Object(headers)
      const reply = await app.inject({ ...request, headers: others })
      const { operationId, security = [] } = each.operation
      t.equal(reply.statusCode === 401, security.length > 0, `${operationId}: ${reply.statusCode}`)
    }
  },
)

t.test('every route declares 406 and 500 in its schema', async (t) => {
  const app = await build(t)
  await app.ready()
  const routes = app.routeInfos.filter(({ method }) => method !== 'HEAD')
  t.ok(
    routes.some(({ path }) => path === '/metrics'),
    'the list includes the routes of plugins',
  )
  for (const { method, path, schema } of routes) {
    const statuses = Object.keys(Object(schema.response))
    t.ok(statuses.includes('406') && statuses.includes('500'), `${method} ${path}`)
  }
})
