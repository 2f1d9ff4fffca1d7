import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import t, { type Test } from 'tap'
import { type SilentServer, startSilent } from '../server.ts'
import { startMixedLoad } from './mixed-load.ts'

/** How long the service is under load. */
const MINUTES = Number(process.env.SOAK_MINUTES || 2)

/** How much of it passes before anything is compared: caches fill, and code is compiled. */
const WARM_UP = 0.5

/** How often the service is asked how it fares, in milliseconds. */
const INTERVAL = 1_000

/** Answers without which no time is long enough: a busy machine gives few. */
const ANSWERS = 2_000

/**
 * How much more memory it may take from its system in the end than at the beginning; besides, in octets,
 * what the four passwords take that may be hashed at once.
 */
const GROWTH = 1.2
const HASHING = 4 * 19 * 2 ** 20

/** How much more may be in use when all is answered, in octets. */
const RETAINED = 1_000_000

/** How many descriptors more may be open then: a file of the log that is being set aside. */
const DESCRIPTORS = 1

const PRELOAD = pathToFileURL(join(import.meta.dirname, 'collect-garbage.ts')).href

/**
 * Where V8 keeps what it has compiled: that grows for minutes, as one path after another becomes hot, and
 * comes to an end. Whoever has it compile ever more leaves functions and expressions in other spaces too.
 */
const SPACES_OF_CODE = ['code', 'code_large_object', 'trusted', 'trusted_large_object']

/** V8 throws away code that was not run for some time, and would hide what is not thrown away. */
const OPTIONS = ['--expose-gc', '--no-flush-bytecode', `--import=${PRELOAD}`]

const ENVIRONMENT = {
  LOG_FILE: 'app.log',
  LOG_ROTATE_SIZE: '200000',
  LOG_KEEP: '3',
  RATE_LIMIT: '100000',
  AUTH_FAILURE_LIMIT: '30', // more than an address makes in a minute, however fast all of it goes
}

t.setTimeout(300_000 + MINUTES * 60_000)

/** How a process fares. */
interface State {
  /** What it takes of the system's memory, and what of it is in use but for code, in octets. */
  resident: number
  used: number
  descriptors: number
}

async function scrape(url: string): Promise<State> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const read = (name: string) => Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1])
  const code = SPACES_OF_CODE.reduce(
    (sum, space) => sum + read(`nodejs_heap_space_size_used_bytes{space="${space}"}`),
    0,
  )
  return {
    resident: read('process_resident_memory_bytes'),
    used: read('nodejs_heap_size_used_bytes') + read('nodejs_external_memory_bytes') - code,
    descriptors: read('process_open_fds'),
  }
}

/** How it fares when all is answered, and what is not used any more is thrown away. */
async function settle({ url, child }: SilentServer): Promise<State> {
  let state: State | undefined
  for (let round = 0; round < 5; round++) {
    child.kill('SIGUSR2')
    await delay(INTERVAL)
    const { resident, used, descriptors } = await scrape(url)
    state = {
      resident,
      used: Math.min(used, state?.used ?? used),
      descriptors: Math.min(descriptors, state?.descriptors ?? descriptors),
    }
  }
  return state as State // there were rounds
}

/** Puts it under load for some time, and gives how it fared. */
async function soak(t: Test, server: SilentServer, milliseconds: number) {
  const load = startMixedLoad(Number(new URL(server.url).port))
  const states: State[] = []
  const end = performance.now() + milliseconds
  while (performance.now() < end || load.answers() < ANSWERS) {
    await delay(INTERVAL)
    states.push(await scrape(server.url))
  }
  await load.stop()
  t.same([...load.problems], [], `${load.answers()} answers are as they should be`)
  return states
}

function mostResident(states: State[]): number {
  return Math.max(...states.map(({ resident }) => resident))
}

t.test(`${MINUTES} minutes under load leave nothing behind`, async (t) => {
  const server = await startSilent(t, 'ignore', ENVIRONMENT, ...OPTIONS)
  const total = MINUTES * 60_000
  await soak(t, server, total * WARM_UP)
  const before = await settle(server)
  const states = await soak(t, server, total * (1 - WARM_UP))
  const after = await settle(server)

  const third = Math.floor(states.length / 3)
  const first = mostResident(states.slice(0, third))
  const last = mostResident(states.slice(-third))
  t.ok(
    last <= first * GROWTH + HASHING,
    `resident memory is flat: ${mega(first)}, then ${mega(last)}`,
  )
  t.ok(
    after.used <= before.used + RETAINED,
    `what is in use is flat: ${mega(before.used)}, then ${mega(after.used)}`,
  )
  t.ok(
    after.descriptors <= before.descriptors + DESCRIPTORS,
    `descriptors are flat: ${before.descriptors}, then ${after.descriptors}`,
  )
  const kept = readdirSync(t.testdirName).filter((name) => name.startsWith('app.log.'))
  t.equal(kept.length, Number(ENVIRONMENT.LOG_KEEP), 'the log was set aside over and over')
  t.equal(await server.stop(), 0)
})

function mega(octets: number): string {
  return `${(octets / 1e6).toFixed(1)} MB`
}
