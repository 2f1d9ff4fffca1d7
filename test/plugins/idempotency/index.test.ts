import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { createMessageStore } from '../../../routes/messages/store.ts'
import { HttpError } from '../../../src/http/http-error.ts'
import { openDatabase } from '../../../src/storage/open-database.ts'
import { buildWith, expectReply } from '../../app.ts'
import { lastingUrl, PATIENCE, testOnEachEngine, testOnPostgres } from '../../engines.ts'

const MESSAGE = { mediaType: 'text/plain', fileName: null, bytes: Buffer.from('made') }

/** Work that tells when it began, and waits to be told to go on. */
function createGate() {
  const started = Promise.withResolvers<void>()
  const opened = Promise.withResolvers<void>()
  const wait = () => {
    started.resolve()
    return opened.promise
  }
  return { started: started.promise, open: opened.resolve, wait }
}

/** Routes that store a message, once: at work for as long as `wait` takes. */
function routesOf(wait: () => Promise<void> = async () => {}): FastifyPluginAsync {
  return async (app) => {
    for (const url of ['/things', '/others', '/things/:thingId']) {
      app.post(url, (request) =>
        request.idempotent(createMessageStore, async (messages) => {
          const { id } = await messages.create(MESSAGE)
          await wait()
          return { id }
        }),
      )
    }
    app.post('/dated', async (request) => {
      const { at } = await request.idempotent(createMessageStore, async () => ({ at: new Date(0) }))
      return { at, type: typeof at }
    })
    app.post('/plain', () => app.store(createMessageStore).create(MESSAGE))
  }
}

function post(url: string, key?: string | string[], payload?: string) {
  const headers = {
    ...(key !== undefined && { 'idempotency-key': key }),
    ...(payload !== undefined && { 'content-type': 'text/plain' }),
  }
  return { method: 'POST', url, headers, ...(payload !== undefined && { payload }) } as const
}

/** How many messages there are under the first ids: what is undone may leave a gap. */
async function countMessages(app: FastifyInstance) {
  const ids = Array.from({ length: 10 }, (_, index) => index + 1)
  const found = await Promise.all(ids.map((id) => app.store(createMessageStore).find(id)))
  return found.filter(Boolean).length
}

/** Has every key expire, as a day would. */
async function expireKeys(url: string) {
  const database = await openDatabase(url, { timeoutMs: PATIENCE })
  const expires_at = new Date().toISOString()
  await database.write((writer) =>
    writer.updateTable('idempotency_keys').set({ expires_at }).execute(),
  )
  await database.close()
}

const CONFLICT = {
  status: 409,
  body: {
    status: 409,
    message:
      'Conflict: Idempotency-Key: a request with this key is being answered; try again when it is',
  },
}

testOnEachEngine('a key in flight is 409, and its answer is there once it was given', async (t) => {
  const { started, open, wait } = createGate()
  const app = await buildWith(t, routesOf(wait))
  const first = app.inject(post('/things', 'a'))
  await started
  await expectReply(t, app, post('/things', '"a"'), CONFLICT)
  open()
  t.same((await first).json(), { id: 1 })
  await expectReply(t, app, post('/things', 'a'), { body: { id: 1 } })
  t.equal(await countMessages(app), 1)
})

testOnPostgres('a key in flight in another process is 409 at once', async (t) => {
  const url = { DATABASE_URL: await lastingUrl(t) }
  const { started, open, wait } = createGate()
  const [first, second] = [
    await buildWith(t, routesOf(wait), url),
    await buildWith(t, routesOf(), url),
  ]
  const reply = first.inject(post('/things', 'a'))
  await started
  await expectReply(t, second, post('/things', 'a'), CONFLICT)
  await expectReply(t, second, post('/things', 'b'), {})
  open()
  const body = (await reply).json()
  await expectReply(t, second, post('/things', 'a'), { body })
})

testOnEachEngine('of two processes the later gives the answer of the first', async (t) => {
  const url = { DATABASE_URL: await lastingUrl(t) }
  const apps = [await buildWith(t, routesOf(), url), await buildWith(t, routesOf(), url)]
  const replies = await Promise.all(apps.map((app) => app.inject(post('/things', 'a'))))
  // on SQLite it waited for the file; PostgreSQL may have told it not to wait
  const statuses = replies.map(({ statusCode }) => statusCode)
  t.ok(statuses.includes(200))
  t.ok(statuses.every((status) => status === 200 || (t.context.isOnPostgres && status === 409)))
  for (const app of apps) await expectReply(t, app, post('/things', 'a'), { body: { id: 1 } })
})

testOnEachEngine('without the field each request is done', async (t) => {
  const app = await buildWith(t, routesOf())
  for (const id of [1, 2]) await expectReply(t, app, post('/things'), { body: { id } })
})

testOnEachEngine('a route that promises nothing ignores the field', async (t) => {
  const app = await buildWith(t, routesOf())
  for (const key of ['a', 'a', '', 'a, b']) await expectReply(t, app, post('/plain', key), {})
  t.equal(await countMessages(app), 4)
})

testOnEachEngine('a field that is no key is 400, and names itself', async (t) => {
  const app = await buildWith(t, routesOf())
  const message =
    'Bad Request: Idempotency-Key must be one String of 1 to 255 printable ASCII characters'
  for (const field of ['', '""', 'a, b', ['a', 'b'], '"a";b=1', 'k'.repeat(256)]) {
    const expected = { status: 400, body: { status: 400, message } }
    await expectReply(t, app, post('/things', field), expected)
  }
  t.equal(await countMessages(app), 0)
})

testOnEachEngine('both spellings are one key, and the longest is one', async (t) => {
  const app = await buildWith(t, routesOf())
  const longest = 'k'.repeat(255)
  for (const [id, key] of [
    [1, 'a'],
    [1, '"a"'],
    [2, longest],
    [2, `"${longest}"`],
    [3, 'k'.repeat(254)],
  ] as const) {
    await expectReply(t, app, post('/things', key), { body: { id } })
  }
})

testOnEachEngine('another request under the same key is 422', async (t) => {
  const app = await buildWith(t, routesOf())
  const first = post('/things/1', 'a', 'text')
  await expectReply(t, app, first, { body: { id: 1 } })
  const message =
    'Unprocessable Content: Idempotency-Key: this key was used for another request; a new one needs a key of its own'
  const expected = { status: 422, body: { status: 422, message } }
  for (const request of [
    post('/things/2', 'a', 'text'),
    post('/things/1?a=b', 'a', 'text'),
    post('/things/1', 'a', 'text '),
    post('/things/1', 'a', ''),
    post('/things/1', 'a'),
    { ...first, headers: { ...first.headers, 'content-type': 'text/plain; charset=utf-8' } },
    { ...first, headers: { ...first.headers, 'content-type': 'application/octet-stream' } },
  ]) {
    await expectReply(t, app, request, expected)
  }
  await expectReply(t, app, first, { body: { id: 1 } })
  t.equal(await countMessages(app), 1)
})

testOnEachEngine('the same key for another operation is another key', async (t) => {
  const app = await buildWith(t, routesOf())
  await expectReply(t, app, post('/things', 'a'), { body: { id: 1 } })
  await expectReply(t, app, post('/others', 'a'), { body: { id: 2 } })
})

testOnEachEngine('a request that fails leaves nothing, and can be tried anew', async (t) => {
  const failures: unknown[] = [new Error('a bug'), new HttpError('CONFLICT', 'not now')]
  const app = await buildWith(
    t,
    routesOf(async () => {
      if (failures.length > 0) throw failures.shift()
    }),
  )
  for (const status of [500, 409]) await expectReply(t, app, post('/things', 'a'), { status })
  t.equal(await countMessages(app), 0)
  await expectReply(t, app, post('/things', 'a', 'another request'), {})
  t.equal(await countMessages(app), 1)
})

testOnEachEngine('the first answer is made from what is kept, like any repeat', async (t) => {
  const app = await buildWith(t, routesOf())
  const body = { at: '1970-01-01T00:00:00.000Z', type: 'string' }
  for (const _ of ['first', 'repeat']) await expectReply(t, app, post('/dated', 'a'), { body })
})

testOnEachEngine('a key that expired is new', async (t) => {
  const url = { DATABASE_URL: await lastingUrl(t) }
  const app = await buildWith(t, routesOf(), url)
  await expectReply(t, app, post('/things', 'a'), { body: { id: 1 } })
  await expireKeys(url.DATABASE_URL)
  await expectReply(t, app, post('/things', 'a', 'another request'), { body: { id: 2 } })
  await expectReply(t, app, post('/things', 'a', 'another request'), { body: { id: 2 } })
})
