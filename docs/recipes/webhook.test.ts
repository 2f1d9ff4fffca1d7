import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Test } from 'tap'
import { deliver, enqueue } from '../../src/webhooks.ts'
import { build } from '../app.ts'
import { databaseUrl, testOnEachEngine, testOnPostgres } from '../engines.ts'

/** Starts a receiver that responds with the given statuses in turn, then with 204. */
async function startReceiver(t: Test, ...statuses: number[]) {
  const received: { id: unknown; data: unknown }[] = []
  const server = createServer(async (request, response) => {
    received.push({ id: request.headers['webhook-id'], data: JSON.parse(await text(request)) })
    response.writeHead(statuses.shift() ?? 204).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }
}

testOnEachEngine('sends a message only after the commit, and once', async (t) => {
  const app = await build(t)
  const { received, url } = await startReceiver(t)
  const undone = app.transact(async (session) => {
    await enqueue(session, { number: 1 })
    throw new Error('undone')
  })
  await t.rejects(undone, { message: 'undone' })
  for (const number of [2, 3]) await app.transact((session) => enqueue(session, { number }))
  t.equal(await deliver(app.transact, url), 2)
  t.equal(await deliver(app.transact, url), 0)
  t.same(
    received.map(({ data }) => data),
    [{ number: 2 }, { number: 3 }],
  )
})

testOnEachEngine('keeps a message that the receiver refuses, for a minute', async (t) => {
  const app = await build(t)
  const { received, url } = await startReceiver(t, 500)
  await app.transact((session) => enqueue(session, { number: 1 }))
  t.equal(await deliver(app.transact, url), 0)
  t.equal(await deliver(app.transact, url), 0, 'it is not due yet')
  const later = Date.now() + 61_000
  t.capture(Date, 'now', () => later)
  t.equal(await deliver(app.transact, url), 1)
  t.equal(received[0]?.id, received[1]?.id, 'the receiver can recognize the message')
})

testOnPostgres('replicas do not send the same message', async (t) => {
  const DATABASE_URL = await databaseUrl(t)
  const replicas = [await build(t, { DATABASE_URL }), await build(t, { DATABASE_URL })]
  const { received, url } = await startReceiver(t)
  for (let number = 0; number < 20; number++) {
    await replicas[0]?.transact((session) => enqueue(session, { number }))
  }
  await Promise.all(replicas.map((app) => deliver(app.transact, url)))
  t.equal(new Set(received.map(({ id }) => id)).size, received.length)
  await replicas[0]?.transact(async ({ reader }) => {
    const rows = await reader.selectFrom('webhooks').selectAll().execute()
    t.equal(rows.length + received.length, 20)
  })
})
