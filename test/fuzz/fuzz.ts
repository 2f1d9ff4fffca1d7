import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { messageOf } from '../../src/error-message.ts'
import { checkExchange, checkSequel } from './invariants.ts'
import { requestTo } from './requests.ts'
import { buildService, type Route, type Service } from './service.ts'
import { type Exchange, openSession } from './session.ts'

/** How many requests are generated for each route. */
const RUNS = Number(process.env.FUZZ_RUNS || 2_000)

/** What decides which requests those are. */
const SEED = Number(process.env.FUZZ_SEED || Date.now() % 2 ** 31)

/** The least share of the requests that must come to each of a route's successes. */
const SHARE = 0.01

/** Methods that only read (RFC 9110 §9.2.1). */
const SAFE = ['GET', 'HEAD', 'OPTIONS', 'TRACE']

/** Fuzzes those routes of the service that are chosen, whichever there are. */
export function fuzzRoutes(isChosen: (route: Route) => boolean) {
  t.setTimeout(60_000 + RUNS * 1_000) // the machine may be busy with others
  t.comment(`FUZZ_RUNS=${RUNS} FUZZ_SEED=${SEED}`)

  t.test('whatever is asked of a route, its reply is right', async (t) => {
    const service = await buildService(t)
    for (const route of service.routes.filter(isChosen)) {
      await t.test(`${route.methods} ${route.url}`, async (t) => {
        const { counts, failure, isUnchanged } = await fuzz(service, route)
        t.comment(summaryOf(route, counts))
        t.notOk(failure, 'every reply is right', { FUZZ_SEED: SEED, failure })
        t.ok(isUnchanged, 'what only reads changes nothing')
        for (const status of declaredBy(route).filter((status) => status < 400)) {
          const share = (counts.get(status) ?? 0) / RUNS
          t.ok(share >= SHARE, `${status} is reached`, { share })
        }
      })
    }
  })
}

/** Fuzzes a route, and counts the statuses of its replies. */
async function fuzz(service: Service, route: Route) {
  const counts = new Map<number, number>()
  const session = await openSession(service, route)
  const property = fc.asyncProperty(requestTo(route, service.routes), async (request) => {
    const exchange = await session.send(request)
    const { statusCode } = exchange.reply
    counts.set(statusCode, (counts.get(statusCode) ?? 0) + 1)
    const isWrite = !SAFE.includes(request.method)
    try {
      checkExchange(exchange, service)
      if (isWrite && statusCode >= 400)
        assert(await session.isUnchanged(), 'it has changed something')
      await checkSequel(exchange, service)
    } catch (error) {
      throw new Error(`${messageOf(error)}\n${describe(exchange)}${service.failure}`)
    } finally {
      if (isWrite && statusCode < 400) await session.prepare()
    }
  })
  const { counterexample, errorInstance } = await fc.check(property, { numRuns: RUNS, seed: SEED })
  const failure = errorInstance && `${messageOf(errorInstance)}${fc.stringify(counterexample)}`
  return { counts, failure, isUnchanged: await session.isUnchanged() }
}

/** Writes an exchange as it would stand on the wire, for people. */
function describe({ request, reply }: Exchange): string {
  const { method, url, headers, body } = request
  const sent = typeof body === 'string' ? body : Buffer.from(body ?? '').toString('latin1')
  return [
    `> ${method} ${url}`,
    ...Object.entries(headers).map(([name, value]) => `> ${name}: ${value}`),
    `> ${JSON.stringify(sent)}`,
    `< ${reply.statusCode} ${reply.statusMessage}`,
    ...Object.entries(reply.headers).map(([name, value]) => `< ${name}: ${value}`),
    `< ${JSON.stringify(reply.body)}`,
    '',
  ].join('\n')
}

function declaredBy({ schema }: Route): number[] {
  return Object.keys(schema.response).map(Number)
}

/** The share of each status, and which of the route's refusals were never met. */
function summaryOf(route: Route, counts: Map<number, number>): string {
  const shares = [...counts]
    .sort()
    .map(([status, count]) => `${status}: ${((100 * count) / RUNS).toFixed(1)} %`)
  const missing = declaredBy(route).filter((status) => status < 500 && !counts.has(status))
  return `${shares.join(', ')}; not met: ${missing.join(', ') || 'none'}`
}
