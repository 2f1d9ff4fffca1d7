import assert from 'node:assert/strict'
import { globSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { messageOf } from '../../src/error-message.ts'
import { SAFE_METHODS } from '../../src/http/route-info.ts'
import { RESOURCES } from '../../src/resources.ts'
import { FOLDER } from '../fixtures/folder.ts'
import { checkExchange, checkSequel } from './invariants.ts'
import { reportOf } from './report.ts'
import { requestTo } from './requests.ts'
import type { Route, Service } from './service.ts'
import { openService, openSession } from './session.ts'

// A service without resources of its own is fuzzed with the fixtures.
if (globSync('*/index.ts', { cwd: RESOURCES[0] }).length === 0) RESOURCES.push(FOLDER)

/** Number of generated requests per route. */
const RUNS = Number(process.env.FUZZ_RUNS || 2_000)

const SEED = Number(process.env.FUZZ_SEED || Date.now() % 2 ** 31)

/** Minimum share of each declared 2xx or 3xx status among the responses of a route. */
const SHARE = 0.01

/** Maximum number of requests to a resource, since its values can decide which requests succeed. */
const MAX_UNCHANGED = 20

/** Fuzzes the chosen routes of the service, except those whose config has a reason not to. */
export function fuzzRoutes(isChosen: (route: Route) => boolean) {
  t.setTimeout(60_000 + RUNS * 1_000) // the machine may be busy
  t.comment(`FUZZ_RUNS=${RUNS} FUZZ_SEED=${SEED}`)

  t.test('every generated request gets a correct response', async (t) => {
    const service = await openService(t)
    for (const route of service.routes.filter(isChosen)) {
      const skip = route.notFuzzed ?? false
      await t.test(`${route.methods} ${route.url}`, { skip }, async (t) => {
        const { counts, failure, isUnchanged } = await fuzz(service, route)
        t.comment(summaryOf(route, counts))
        if (failure) return t.fail('a response is not correct', { diff: failure })
        t.ok(isUnchanged, 'safe methods do not change the database')
        for (const status of declaredBy(route).filter((status) => status < 400)) {
          const share = (counts.get(status) ?? 0) / RUNS
          t.ok(share >= SHARE, `enough requests reach ${status}`, { share })
        }
      })
    }
  })
}

/** Fuzzes a route and counts the statuses of its responses. */
async function fuzz(service: Service, route: Route) {
  const counts = new Map<number, number>()
  const session = await openSession(service, route)
  let unchanged = 0
  const property = fc.asyncProperty(requestTo(route, service.routes), async (request) => {
    const exchange = await session.send(request)
    const { statusCode } = exchange.reply
    counts.set(statusCode, (counts.get(statusCode) ?? 0) + 1)
    const isWrite = !SAFE_METHODS.includes(request.method)
    try {
      checkExchange(exchange, service)
      if (isWrite && statusCode >= 400)
        assert(await session.isUnchanged(), 'a refused write has changed the database')
      await checkSequel(exchange, service)
    } catch (error) {
      throw new Error(reportOf(messageOf(error), exchange, service.failure))
    }
    const isChanged = isWrite && statusCode < 400
    if (isChanged || ++unchanged === MAX_UNCHANGED) {
      unchanged = 0
      await session.prepare()
    }
  })
  const { errorInstance } = await fc.check(property, {
    numRuns: RUNS,
    seed: SEED,
    endOnFailure: true,
  })
  const failure =
    errorInstance !== null &&
    `${messageOf(errorInstance)}\nTo repeat: FUZZ_SEED=${SEED} FUZZ_RUNS=${RUNS} npm run test:file -- test/fuzz`
  return { counts, failure, isUnchanged: await session.isUnchanged() }
}

function declaredBy({ schema }: Route): number[] {
  return Object.keys(schema.response).map(Number)
}

/** Describes the share of each status, and lists the declared statuses that no response had. */
function summaryOf(route: Route, counts: Map<number, number>): string {
  const shares = [...counts]
    .sort()
    .map(([status, count]) => `${status}: ${((100 * count) / RUNS).toFixed(1)} %`)
  const missing = declaredBy(route).filter((status) => status < 500 && !counts.has(status))
  return `${shares.join(', ')}; not reached: ${missing.join(', ') || 'none'}`
}
