import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { HttpError } from '../../../src/http/http-error.ts'
import { openDatabase } from '../../../src/storage/open-database.ts'
import { buildWith, expectReply } from '../../app.ts'
import { lastingUrl, TEST_TIMEOUT_MS, testOnEachEngine, testOnPostgres } from '../../engines.ts'
import { createFileStore } from '../../fixtures/resources/files/store.ts'
import '../../fixtures/register.ts'

const FILE = { mediaType: 'text/plain', bytes: Buffer.from('made') }

/** Returns a function `wait`, which blocks a handler until `open` is called. Its first call resolves `started`. */
function createGate() {
  const started = Promise.withResolvers<void>()
  const opened = Promise.withResolvers<void>()
  const wait = () => {
    started.resolve()
    return opened.promise
  }
  return { started: started.promise, open: opened.resolve, wait }
}

/** Returns a plugin with routes that store a file once per Idempotency-Key, and then wait. */
function routesOf(wait: () => Promise<void> = async () => {}): FastifyPluginAsync {
  return async (app) => {
    for (const url of ['/things', '/others', '/things/:thingId']) {
      app.post(url, (request) =>
        request.idempotent(createFileStore, async (files) => {
          const { id } = await files.create(FILE)
          await wait()
          return { id }
        }),
      )
    }
    app.post('/dated', async (request) => {
      const { at } = await request.idempotent(createFileStore, async () => ({ at: new Date(0) }))
      return { at, type: typeof at }
    })
    app.post('/plain', () => app.store(createFileStore).create(FILE))
  }
}

function post(url: string, key?: string | string[], payload?: string) {
  const headers = {
    ...(key !== undefined && { 'idempotency-key': key }),
    ...(payload !== undefined && { 'content-type': 'text/plain' }),
  }
  return { method: 'POST', url, headers, ...(payload !== undefined && { payload }) } as const
}

/** Counts the files. Reads all ids from 1 to 10, because a rollback may leave a gap between ids. */
async function countFiles(app: FastifyInstance) {
  const ids = Array.from({ length: 10 }, (_, index) => index + 1)
  const found = await Promise.all(ids.map((id) => app.store(createFileStore).find(id)))
  return found.filter(Boolean).length
}

/** Makes all keys expire. */
async function expireKeys(url: string) {
  const database = await openDatabase(url, { timeoutMs: TEST_TIMEOUT_MS })
  const expires_at = new Date().toISOString()
  await database.write((writer) =>
    writer.updateTable('idempotency_keys').set({ expires_at }).execute(),
  )
  await database.close()
}

const CONFLICT = {
  status: 409,
  headers: { 'retry-after': '1' },
  body: {
    status: 409,
    message: 'Conflict: Idempotency-Key: a request with this key is in progress; repeat it later',
  },
}

testOnEachEngine(
  'a repeat gets 409 while the first request is in progress, and later gets the first result',
  async (t) => {
    const { started, open, wait } = createGate()
    const app = await buildWith(t, routesOf(wait))
    const first = app.inject(post('/things', 'a'))
    await started
    await expectReply(t, app, post('/things', '"a"'), CONFLICT)
    open()
    t.same((await first).json(), { id: 1 })
    await expectReply(t, app, post('/things', 'a'), { body: { id: 1 } })
    t.equal(await countFiles(app), 1)
  },
)

testOnPostgres(
  'a repeat in another process gets 409 at once while the first request is in progress',
  async (t) => {
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
  },
)

testOnEachEngine(
  'concurrent requests with one key in two processes get the same result',
  async (t) => {
    const url = { DATABASE_URL: await lastingUrl(t) }
    const apps = [await buildWith(t, routesOf(), url), await buildWith(t, routesOf(), url)]
    const replies = await Promise.all(apps.map((app) => app.inject(post('/things', 'a'))))
    // With SQLite, the later request waits for the lock of the file. With PostgreSQL, it may get 409.
    const statuses = replies.map(({ statusCode }) => statusCode)
    t.ok(statuses.includes(200))
    t.ok(statuses.every((status) => status === 200 || (t.context.isOnPostgres && status === 409)))
    for (const app of apps) await expectReply(t, app, post('/things', 'a'), { body: { id: 1 } })
  },
)

testOnEachEngine('each request without Idempotency-Key is executed', async (t) => {
  const app = await buildWith(t, routesOf())
  for (const id of [1, 2]) await expectReply(t, app, post('/things'), { body: { id } })
})

testOnEachEngine(
  'a route that does not call request.idempotent() ignores Idempotency-Key',
  async (t) => {
    const app = await buildWith(t, routesOf())
    for (const key of ['a', 'a', '', 'a, b']) await expectReply(t, app, post('/plain', key), {})
    t.equal(await countFiles(app), 4)
  },
)

testOnEachEngine('an invalid key gets 400, and the error names the header field', async (t) => {
  const app = await buildWith(t, routesOf())
  const message =
    'Bad Request: Idempotency-Key must be one String of 1 to 255 printable ASCII characters'
  for (const field of ['', '""', 'a, b', ['a', 'b'], '"a";b=1', 'k'.repeat(256)]) {
    const expected = { status: 400, body: { status: 400, message } }
    await expectReply(t, app, post('/things', field), expected)
  }
  t.equal(await countFiles(app), 0)
})

testOnEachEngine(
  'keys of up to 255 characters are accepted, with and without quotes',
  async (t) => {
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
  },
)

testOnEachEngine('a different request with the same key gets 422', async (t) => {
  const app = await buildWith(t, routesOf())
  const first = post('/things/1', 'a', 'text')
  await expectReply(t, app, first, { body: { id: 1 } })
  const message =
    'Unprocessable Content: Idempotency-Key: this key was used for a different request; send a new key'
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
  t.equal(await countFiles(app), 1)
})

/** Returns a request with a form in which each part has a name, the rest of its header fields and its content. */
function postForm(boundary: string, parts: [name: string, rest: string, content: string][]) {
  const body = parts.map(
    ([name, rest, content]) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${rest}\r\n\r\n${content}\r\n`,
  )
  const request = post('/things', 'a', `${body.join('')}--${boundary}--\r\n`)
  const type = { 'content-type': `multipart/form-data; boundary=${boundary}` }
  return { ...request, headers: { ...request.headers, ...type } }
}

testOnEachEngine(
  'a form with the same parts and another boundary is the same request',
  async (t) => {
    const app = await buildWith(t, routesOf())
    const file = '; filename="x.txt"\r\nContent-Type: text/csv'
    await expectReply(
      t,
      app,
      postForm('A', [
        ['a', file, 'bc'],
        ['d', '', ''],
      ]),
      { body: { id: 1 } },
    )
    await expectReply(
      t,
      app,
      postForm('B', [
        ['a', file, 'bc'],
        ['d', '', ''],
      ]),
      { body: { id: 1 } },
    )
    const others: [name: string, rest: string, content: string][][] = [
      [['a', file, 'bc']],
      [
        ['d', '', ''],
        ['a', file, 'bc'],
      ],
      [
        ['e', file, 'bc'],
        ['d', '', ''],
      ],
      [
        ['a', file.replace('x', 'y'), 'bc'],
        ['d', '', ''],
      ],
      [
        ['a', file.replace('csv', 'xml'), 'bc'],
        ['d', '', ''],
      ],
      [
        ['a', '', 'bc'],
        ['d', '', ''],
      ],
      [
        ['a', file, 'bd'],
        ['d', '', ''],
      ],
      [['a', file, 'bc["d",null,"text/plain",0]']],
    ]
    for (const parts of others) await expectReply(t, app, postForm('A', parts), { status: 422 })
    t.equal(await countFiles(app), 1)
  },
)

testOnEachEngine('a form without content is the same request with any boundary', async (t) => {
  const app = await buildWith(t, routesOf())
  for (const boundary of ['A', 'B']) {
    const { headers } = postForm(boundary, [])
    const request = {
      ...post('/things', 'a', ''),
      headers: { ...headers, 'transfer-encoding': 'chunked' },
    }
    await expectReply(t, app, request, { body: { id: 1 } })
  }
  await expectReply(t, app, postForm('A', [['a', '', '']]), { status: 422 })
})

testOnEachEngine('the same key can be used for another operation', async (t) => {
  const app = await buildWith(t, routesOf())
  await expectReply(t, app, post('/things', 'a'), { body: { id: 1 } })
  await expectReply(t, app, post('/others', 'a'), { body: { id: 2 } })
})

testOnEachEngine(
  'nothing is stored for a failed request, so the request can be repeated',
  async (t) => {
    const failures: unknown[] = [new Error('a bug'), new HttpError('CONFLICT', 'not now')]
    const app = await buildWith(
      t,
      routesOf(async () => {
        if (failures.length > 0) throw failures.shift()
      }),
    )
    for (const status of [500, 409]) await expectReply(t, app, post('/things', 'a'), { status })
    t.equal(await countFiles(app), 0)
    await expectReply(t, app, post('/things', 'a', 'another request'), {})
    t.equal(await countFiles(app), 1)
  },
)

testOnEachEngine(
  'the first response is rendered from the stored result, like the response to a repeat',
  async (t) => {
    const app = await buildWith(t, routesOf())
    const body = { at: '1970-01-01T00:00:00.000Z', type: 'string' }
    for (const _ of ['first', 'repeat']) await expectReply(t, app, post('/dated', 'a'), { body })
  },
)

testOnEachEngine('an expired key can be used for another request', async (t) => {
  const url = { DATABASE_URL: await lastingUrl(t) }
  const app = await buildWith(t, routesOf(), url)
  await expectReply(t, app, post('/things', 'a'), { body: { id: 1 } })
  await expireKeys(url.DATABASE_URL)
  await expectReply(t, app, post('/things', 'a', 'another request'), { body: { id: 2 } })
  await expectReply(t, app, post('/things', 'a', 'another request'), { body: { id: 2 } })
})
