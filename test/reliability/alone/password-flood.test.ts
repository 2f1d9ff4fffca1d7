import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { ACCOUNT, AUTHORIZATION } from '../../app.ts'
import { FIXTURES } from '../../fixtures/register.ts'
import { startPostgres } from '../../postgres-server.ts'
import { skipUnless } from '../../requirement.ts'
import { FAST_START, startServer } from '../../server.ts'

/** Wrong passwords per second. */
const RATE = 60

/** Wrong passwords after which the flood has its full effect. */
const MIN_ATTEMPTS = 3 * RATE

t.setTimeout(120_000)

function basic(name: string, password: string) {
  return { authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` }
}

/** Sends wrong passwords, each with another user name, until `stop` is called. */
function startFlood(url: string) {
  const statuses: Promise<number>[] = []
  const timer = setInterval(() => {
    const headers = basic(`user${statuses.length}`, 'a wrong password')
    statuses.push(fetch(`${url}/notes`, { method: 'POST', headers }).then(({ status }) => status))
  }, 1_000 / RATE)
  return {
    statuses,
    async stop() {
      clearInterval(timer)
      return Promise.all(statuses)
    },
  }
}

/** Creates a note with a correct password, from another client than the flood, and returns the status. */
async function create(url: string): Promise<number> {
  const { status } = await fetch(`${url}/notes`, {
    method: 'POST',
    headers: {
      authorization: AUTHORIZATION,
      'content-type': 'application/json',
      'x-forwarded-for': '192.0.2.1',
    },
    body: JSON.stringify({ title: 'a', body: 'b', author: 'c' }),
  })
  return status
}

t.test(
  'under a flood of wrong passwords, others log in, and lost connections to PostgreSQL are replaced',
  { skip: skipUnless('postgresql') },
  async (t) => {
    const postgres = await startPostgres(t)
    const database = new URL(postgres.url)
    database.hostname = 'localhost' // looked up for each connection, in the threads that also hash
    const proxy = { ...ACCOUNT, TRUST_PROXY: '127.0.0.1' }
    const environment = { ...FAST_START, ...proxy, DATABASE_URL: database.href }
    const { url, stop } = await startServer(t, environment, undefined, FIXTURES)
    const flood = startFlood(url)
    while (flood.statuses.length < MIN_ATTEMPTS) await delay(20)

    const ended = await postgres.endSessions()
    const since = performance.now()
    const statusOf = async (path: string, headers = {}) =>
      (await fetch(`${url}${path}`, { headers })).status
    while ((await statusOf('/notes/123')) !== 200) await delay(20)
    while ((await statusOf('/health/ready')) !== 200) await delay(20)
    const recoveryMs = performance.now() - since
    const login = performance.now()
    t.equal(await create(url), 201, 'also while the queue is full')
    const loginMs = performance.now() - login

    const refused = (await flood.stop()).filter((status) => status !== 401)
    t.ok(
      refused.every((status) => status === 503),
      'wrong passwords get 401, or 503 if too many wait',
    )
    t.equal(await stop(), 0)
    t.comment(
      `${flood.statuses.length} wrong passwords, ${refused.length} of them 503, ${ended} sessions ended, reads and readiness ` +
        `after ${Math.ceil(recoveryMs)} ms, login in ${Math.ceil(loginMs)} ms`,
    )
  },
)
