import '../fixtures/register.ts'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import t from 'tap'
import { Type } from 'typebox'
import { dataResponse, noContent, problemResponses } from '../../src/schemas/responses.ts'
import type { Session } from '../../src/storage/database.ts'
import { build, buildWith } from '../app.ts'

const done = dataResponse('It', Type.Object({ a: Type.String() }))

/** Returns a schema as a route declares it. */
function schemaOf(extras: object = {}) {
  return { response: { 200: done, ...problemResponses() }, ...extras }
}

async function noHandler() {
  return { a: '' }
}

/** Registers routes. They differ in properties that add error responses to a route's schema. */
const ROUTES: FastifyPluginAsync = async (app) => {
  app.get('/plain', { schema: schemaOf() }, noHandler)
  app.get('/undeclared', noHandler)
  app.get('/cached', { schema: { response: { 304: noContent('Known'), 200: done } } }, noHandler)
  app.post('/body', { schema: schemaOf() }, noHandler)
  app.delete('/conditional', { schema: schemaOf(), config: { requiresIfMatch: true } }, noHandler)
  app.post('/idempotent', { schema: schemaOf({ 'x-idempotency-key': true }) }, noHandler)
  app.get('/account', { schema: schemaOf(), onRequest: app.requireAuth() }, noHandler)
  app.get('/scope', { schema: schemaOf(), onRequest: [app.requireAuth('read')] }, noHandler)
  await app.register(async (scope) => {
    scope.store(({ reader }: Session) => reader)
    scope.get('/stored', { schema: schemaOf() }, noHandler)
    scope.put('/stored', { schema: schemaOf({ body: Type.Object({}) }) }, noHandler)
    scope.delete('/stored', { schema: schemaOf() }, noHandler)
  })
}

function statusesOf(app: FastifyInstance, method: string, path: string): number[] {
  const route = app.routeInfos.find((each) => each.method === method && each.path === path)
  return Object.keys(Object(route?.schema.response)).map(Number)
}

const DERIVED: [method: string, path: string, statuses: number[]][] = [
  ['GET', '/plain', [200, 304, 400, 406, 412, 500]],
  ['GET', '/undeclared', []],
  ['GET', '/cached', [200, 304, 400, 406, 412, 500]],
  ['POST', '/body', [200, 204, 403, 406, 412, 413, 415, 500]],
  ['DELETE', '/conditional', [200, 204, 403, 406, 412, 413, 415, 428, 500]],
  ['POST', '/idempotent', [200, 204, 403, 406, 409, 412, 413, 415, 422, 500]],
  ['GET', '/account', [200, 304, 400, 401, 406, 412, 500]],
  ['GET', '/scope', [200, 304, 400, 401, 403, 406, 412, 500]],
  ['GET', '/stored', [200, 304, 400, 406, 412, 500, 503]],
  ['PUT', '/stored', [200, 204, 403, 406, 409, 412, 413, 415, 422, 500, 503, 507]],
  ['DELETE', '/stored', [200, 204, 403, 406, 409, 412, 413, 415, 500, 503, 507]],
]

t.test('the plugins declare the errors that follow from the properties of a route', async (t) => {
  const app = await buildWith(t, ROUTES)
  for (const [method, path, statuses] of DERIVED) {
    t.strictSame(statusesOf(app, method, path), statuses, `${method} ${path}`)
  }
})

t.test(
  'a protected route that declares 507 also declares 401, 403, 409, 413, 415 and 503',
  async (t) => {
    const app = await build(t)
    const stored = app.routeInfos.filter(
      ({ path, schema }) => path.startsWith('/notes') && Object(schema.response)[507],
    )
    t.equal(stored.length, 4, 'the four routes that write notes declare 507')
    for (const { method, path } of stored) {
      const statuses = statusesOf(app, method, path)
      for (const status of [401, 403, 409, 413, 415, 503]) {
        t.ok(statuses.includes(status), `${method} ${path}: ${status}`)
      }
      if (method !== 'POST') t.ok(statuses.includes(428), `${method} ${path}: 428`)
    }
  },
)

t.test('a schema that several apps share is not changed', async (t) => {
  const schema = schemaOf()
  await buildWith(t, async (app) => {
    app.post('/shared', { schema, onRequest: app.requireAuth('write') }, noHandler)
  })
  t.strictSame(Object.keys(schema.response).map(Number), [200, 406, 500])
})
