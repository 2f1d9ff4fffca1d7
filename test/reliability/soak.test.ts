import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import t, { type Test } from 'tap'
import { FIXTURES } from '../fixtures/register.ts'
import { type SilentServer, startSilent } from '../server.ts'
import { startMixedLoad } from './mixed-load.ts'

/** Duration of the load. */
const MINUTES = Number(process.env.SOAK_MINUTES || 2)

/** Share of the duration before the first measurement, in which caches fill and V8 compiles. */
const WARM_UP_SHARE = 0.5

const SCRAPE_INTERVAL_MS = 1_000

/** Minimum number of responses. The load continues until they have arrived, even if a slow machine takes longer. */
const MIN_RESPONSES = 2_000

/** Maximum growth of resident memory during the load. */
const MAX_RESIDENT_GROWTH = 1.2

/** Memory of the four passwords that may be hashed at the same time. */
const HASHING_BYTES = 4 * 19 * 2 ** 20

/** Maximum growth of the memory in use, measured while there are no requests. */
const MAX_RETAINED_BYTES = 1_000_000

/** Maximum growth of the open file descriptors. A log rotation in progress may have opened one more. */
const MAX_MORE_DESCRIPTORS = 1

const PRELOAD = pathToFileURL(join(import.meta.dirname, 'collect-garbage.ts')).href

/**
 * V8 heap spaces of compiled code. They are not compared, because they grow for minutes while V8 optimizes code. A
 * leak of compiled functions would also appear in the other spaces.
 */
const CODE_SPACES = ['code', 'code_large_object', 'trusted', 'trusted_large_object']

/** Options of Node. V8 must not flush bytecode, because the freed memory could hide a leak. */
const OPTIONS = ['--expose-gc', '--no-flush-bytecode', FIXTURES, `--import=${PRELOAD}`]

const ENVIRONMENT = {
  LOG_FILE: 'app.log',
  LOG_ROTATE_SIZE: '200000',
  LOG_KEEP: '3',
  RATE_LIMIT: '100000',
  AUTH_FAILURE_LIMIT: '30', // more failed logins than an address causes in a minute
}

t.setTimeout(300_000 + MINUTES * 60_000)

/** Resources that the process uses. */
interface State {
  residentBytes: number
  /** Heap and external memory in use, without compiled code. */
  usedBytes: number
  descriptors: number
}

async function scrape(url: string): Promise<State> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const read = (name: string) => Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1])
  const code = CODE_SPACES.reduce(
    (sum, space) => sum + read(`nodejs_heap_space_size_used_bytes{space="${space}"}`),
    0,
  )
  return {
    residentBytes: read('process_resident_memory_bytes'),
    usedBytes: read('nodejs_heap_size_used_bytes') + read('nodejs_external_memory_bytes') - code,
    descriptors: read('process_open_fds'),
  }
}

/** Returns the resources after garbage collection, as the minimum of several measurements. */
async function measureIdle({ url, child }: SilentServer): Promise<State> {
  let state: State | undefined
  for (let round = 0; round < 5; round++) {
    child.kill('SIGWINCH')
    await delay(SCRAPE_INTERVAL_MS)
    const { residentBytes, usedBytes, descriptors } = await scrape(url)
    state = {
      residentBytes,
      usedBytes: Math.min(usedBytes, state?.usedBytes ?? usedBytes),
      descriptors: Math.min(descriptors, state?.descriptors ?? descriptors),
    }
  }
  return state as State // set in the first round
}

/** Puts the service under load, and returns its resources over time. */
async function soak(t: Test, server: SilentServer, durationMs: number) {
  const load = startMixedLoad(Number(new URL(server.url).port))
  const states: State[] = []
  const end = performance.now() + durationMs
  while (performance.now() < end || load.answers() < MIN_RESPONSES) {
    await delay(SCRAPE_INTERVAL_MS)
    states.push(await scrape(server.url))
  }
  await load.stop()
  t.same([...load.problems], [], `${load.answers()} responses are correct`)
  return states
}

function maxResident(states: State[]): number {
  return Math.max(...states.map(({ residentBytes }) => residentBytes))
}

t.test(`memory and file descriptors do not grow in ${MINUTES} minutes of load`, async (t) => {
  const server = await startSilent(t, 'ignore', ENVIRONMENT, ...OPTIONS)
  const total = MINUTES * 60_000
  await soak(t, server, total * WARM_UP_SHARE)
  const before = await measureIdle(server)
  const states = await soak(t, server, total * (1 - WARM_UP_SHARE))
  const after = await measureIdle(server)

  const third = Math.floor(states.length / 3)
  const first = maxResident(states.slice(0, third))
  const last = maxResident(states.slice(-third))
  t.ok(
    last <= first * MAX_RESIDENT_GROWTH + HASHING_BYTES,
    `resident memory: ${megabytes(first)}, then ${megabytes(last)}`,
  )
  t.ok(
    after.usedBytes <= before.usedBytes + MAX_RETAINED_BYTES,
    `memory in use: ${megabytes(before.usedBytes)}, then ${megabytes(after.usedBytes)}`,
  )
  t.ok(
    after.descriptors <= before.descriptors + MAX_MORE_DESCRIPTORS,
    `open file descriptors: ${before.descriptors}, then ${after.descriptors}`,
  )
  const kept = readdirSync(t.testdirName).filter((name) => name.startsWith('app.log.'))
  t.equal(kept.length, Number(ENVIRONMENT.LOG_KEEP), 'the log was rotated many times')
  t.equal(await server.stop(), 0)
})

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
