import t from 'tap'
import { isSystemError } from '../../src/system-error.ts'
import { FIXTURES } from '../fixtures/register.ts'
import { FAST_START, startServer } from '../server.ts'
import { type Client, createClient } from './client.ts'

// On a busy machine, the rounds take longer than the default limit, since each round starts the service.
t.setTimeout(400_000)

const ROUNDS = 20
const CLIENTS = 8

/** Number of responses that each client gets before the shutdown, so that all connections are in use. */
const WARM_UP_RESPONSES = 5

/** Sends requests on one connection, one after the other, until the connection is refused. */
async function sendUntilRefused({ send, close }: Client, onWarm: () => void) {
  const statuses: number[] = []
  try {
    for (let index = 0; ; index++) {
      const reply =
        index % 4 === 0
          ? await send('POST', '/notes', { body: NOTE })
          : await send('GET', '/notes/123')
      statuses.push(reply.status)
      if (statuses.length === WARM_UP_RESPONSES) onWarm()
    }
  } catch (error) {
    return { statuses, error }
  } finally {
    close()
  }
}

const NOTE = { title: 'A title', body: 'A body', author: 'luis' }

for (const [WORKERS, rounds, signal] of [
  ['1', ROUNDS, 'SIGTERM'],
  ['2', ROUNDS / 4, 'SIGINT'],
] as const) {
  t.test(
    `no request is lost in ${rounds} shutdowns by ${signal} under load (workers: ${WORKERS})`,
    async (t) => {
      let answered = 0
      for (let round = 1; round <= rounds; round++) {
        const { url, stop } = await startServer(t, { ...FAST_START, WORKERS }, undefined, FIXTURES)
        const warm: Promise<void>[] = []
        const clients = Array.from({ length: CLIENTS }, () => {
          const { promise, resolve } = Promise.withResolvers<void>()
          warm.push(promise)
          return sendUntilRefused(createClient(url), resolve)
        })
        await Promise.all(warm)
        const exitCode = await stop(signal)
        const outcomes = await Promise.all(clients)
        const failures = outcomes.flatMap(({ statuses, error }) => [
          ...statuses.filter((status) => status >= 300),
          ...(isSystemError(error, 'ECONNREFUSED') ? [] : [String(error)]),
        ])
        t.same(
          failures,
          [],
          `round ${round}: every request succeeds until the connection is refused`,
        )
        t.equal(exitCode, 0, 'the service ends with exit code 0')
        answered += outcomes.flatMap(({ statuses }) => statuses).length
      }
      t.comment(`${answered} responses`)
      t.ok(answered > rounds * CLIENTS, 'clients sent requests during the shutdowns')
    },
  )
}
