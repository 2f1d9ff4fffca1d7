import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { messageOf } from '../../src/error-message.ts'
import '../fixtures/add.ts'
import { checkExchange } from './invariants.ts'
import { reportOf } from './report.ts'
import type { Request } from './requests.ts'
import { type Parent, parentsOf, type Route, type Service } from './service.ts'
import { type Ids, openService, openSession, sampleOf, send } from './session.ts'
import { valuesOf } from './values.ts'

t.setTimeout(300_000) // the machine may be busy

t.test('an id that no resource has, or only one within other parents, gets 404', async (t) => {
  const service = await openService(t)
  const routes = service.routes.filter((route) => !route.notFuzzed)
  for (const route of routes.filter((route) => parentsOf(route, service.routes).length > 0)) {
    await t.test(`${route.methods} ${route.url}`, async () => {
      const session = await openSession(service, route)
      const ids = session.ids()
      await session.prepare()
      for (const wrong of wrongIdsOf(route, service, ids, session.ids())) {
        await expectStatus(service, sampleOf(route, service.routes, wrong), [404])
        assert(await session.isUnchanged(), 'a refused write has changed the database')
      }
    })
  }
})

t.test('a deleted resource takes the resources within it with it, or gets 409', async (t) => {
  const service = await openService(t)
  const isRead = ({ methods, notFuzzed }: Route) => methods.includes('GET') && !notFuzzed
  for (const route of service.routes.filter(isRead)) {
    for (const { name } of parentsOf(route, service.routes).slice(0, -1)) {
      const url = route.url.slice(0, route.url.indexOf(`:${name}`) + name.length + 1)
      const deletion = service.routes.find((each) => each.url === url && isDeletion(each))
      if (!deletion) continue
      await t.test(`DELETE ${url} with ${route.url}`, async () => {
        const ids = (await openSession(service, route)).ids()
        const removal = sampleOf(deletion, service.routes, ids)
        const status = await expectStatus(service, removal, [204, 409])
        const read = sampleOf(route, service.routes, ids)
        await expectStatus(service, read, [status === 204 ? 404 : 200])
      })
    }
  }
})

/** Number of requests that are repeated. */
const CREATIONS = 10

t.test('a repeated creation creates another resource, or gets 409', async (t) => {
  const service = await openService(t)
  const isCreation = ({ methods, schema, notFuzzed }: Route) =>
    methods.includes('POST') && schema.response[201] && !notFuzzed
  for (const route of service.routes.filter(isCreation)) {
    await t.test(`POST ${route.url}`, async () => {
      const ids = (await openSession(service, route)).ids()
      for (let seed = 0; seed < CREATIONS; seed++) {
        const creation = sampleOf(route, service.routes, ids, seed)
        const { reply } = await send(service, creation)
        if (reply.statusCode === 201) await expectStatus(service, creation, [201, 409])
      }
    })
  }
})

function isDeletion({ methods, notFuzzed }: Route): boolean {
  return methods.includes('DELETE') && !notFuzzed
}

/** Returns ids for the path of a route, so that the path identifies no resource. */
function wrongIdsOf(route: Route, service: Service, ids: Ids, others: Ids): Ids[] {
  const parents = parentsOf(route, service.routes)
  const known = Object.entries(ids)
  // A PUT may create a resource under the last id.
  const required = parents.slice(0, route.methods.includes('PUT') ? -1 : undefined)
  const unknown = required.map((parent) => ({ ...ids, ...unknownId(route, parent) }))
  const ofOthers = parents
    .slice(1)
    .map((_, index) => ({ ...others, ...Object.fromEntries(known.slice(index + 1)) }))
  return [...unknown, ...ofOthers]
}

const UNKNOWN_ID = 987_654_321

function unknownId({ schema }: Route, { name }: Parent): Ids {
  const parameter = schema.params?.properties?.[name] ?? {}
  const [text] = fc.sample(valuesOf(parameter), { seed: 1, numRuns: 1 })
  const id = parameter.type === 'integer' ? UNKNOWN_ID : encodeURIComponent(String(text))
  return { [`{${name}}`]: String(id) }
}

/** Sends a request, and asserts the rules that hold for every response, and that its status is one of those given. */
async function expectStatus(service: Service, request: Request, statuses: number[]) {
  const exchange = await send(service, request)
  const { statusCode } = exchange.reply
  try {
    checkExchange(exchange, service)
    assert(statuses.includes(statusCode), `${statusCode} is not ${statuses.join(' or ')}`)
  } catch (error) {
    throw new Error(reportOf(messageOf(error), exchange, service.failure))
  }
  return statusCode
}
