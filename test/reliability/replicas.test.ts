import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { freePort } from '../free-port.ts'
import { noNginx, startNginx } from '../nginx.ts'
import { noPostgresServer, startPostgres } from '../postgres-server.ts'
import { FAST_START, type Server, startServer } from '../server.ts'
import { type Answer, type Load, startLoad } from './load.ts'
import { compareRows, verify } from './verification.ts'

const REPLICAS = 3

/** Answers to wait for, so that each client has had some. */
const MANY = 200

t.setTimeout(110_000)

/** A replica behind nginx, and what starts it again at its address. */
interface Replica {
  address: string
  server: Server
  start(): Promise<void>
}

async function startReplica(t: Test, databaseUrl: string): Promise<Replica> {
  const port = await freePort()
  const start = () =>
    startServer(t, { DATABASE_URL: databaseUrl, PORT: String(port), ...FAST_START })
  const replica = {
    address: `127.0.0.1:${port}`,
    server: await start(),
    start: async () => {
      replica.server = await start()
      while ((await fetch(`${replica.server.url}/health/ready`)).status !== 200) await delay(20)
    },
  }
  return replica
}

function isFailure({ status }: Answer) {
  return status >= 300
}

/** Does something under load, and gives the answers that were no success until many more have come. */
async function failuresDuring(load: Load, act: () => Promise<void>): Promise<Answer[]> {
  const { length } = load.answers
  await act()
  const acted = load.answers.length
  await load.until(() => load.answers.length >= acted + MANY)
  return load.answers.slice(length).filter(isFailure)
}

function statusesOf(answers: Answer[]) {
  return [...new Set(answers.map(({ status }) => status))]
}

t.test('three replicas behind nginx', { skip: noNginx || noPostgresServer }, async (t) => {
  const postgres = await startPostgres(t)
  const replicas: Replica[] = []
  for (let index = 0; index < REPLICAS; index++) {
    replicas.push(await startReplica(t, postgres.url))
  }
  const url = await startNginx(
    t,
    replicas.map(({ address }) => address),
  )
  const load = startLoad(url, true)
  await load.until(() => load.answers.length >= MANY)

  await t.test('replacing them one after the other costs no request', async (t) => {
    const failures = await failuresDuring(load, async () => {
      for (const replica of replicas) {
        t.equal(await replica.server.stop(), 0)
        await replica.start()
      }
    })
    t.same(statusesOf(failures), [])
  })

  await t.test('killing one costs what was on its way there: 503, and no write', async (t) => {
    const [victim] = replicas
    const failures = await failuresDuring(load, async () => {
      await victim?.server.stop('SIGKILL')
    })
    t.ok(
      statusesOf(failures).every((status) => status === 503),
      `${failures.length} failures`,
    )
    t.equal((await failuresDuring(load, async () => {})).length, 0, 'the others serve on')
    await victim?.start()
  })

  await t.test('while PostgreSQL restarts the answer is 503', async (t) => {
    const failures = await failuresDuring(load, async () => {
      await postgres.crash()
      const { length } = load.answers
      await load.until(() => load.answers.length >= length + MANY)
      await postgres.start()
      await load.until(() => !load.answers.slice(-MANY / 4).some(isFailure))
    })
    t.same(statusesOf(failures), [503])
  })

  await load.stop()
  await verify(t, url, load.entries)
  for (const { server } of replicas) t.equal(await server.stop(), 0)
  await compareRows(t, postgres.url, load.entries)
  t.comment(`${load.answers.length} answers, ${load.entries.length} articles`)
})
