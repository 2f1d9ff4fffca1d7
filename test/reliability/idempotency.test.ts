import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t, { type Test } from 'tap'
import { openDatabase } from '../../src/storage/open-database.ts'
import { AUTHORIZATION } from '../app.ts'
import { lastingUrl, TEST_TIMEOUT_MS, testOnEachEngine } from '../engines.ts'
import { FIXTURES } from '../fixtures/register.ts'
import { FAST_START, startServer } from '../server.ts'

const PRELOAD = pathToFileURL(join(import.meta.dirname, 'kill-in-request.ts')).href

// each test starts the service about twenty times
t.setTimeout(120_000)

const DATABASE_TIMEOUT = String(TEST_TIMEOUT_MS)

/** Limit of the loop over statements. A request has far fewer statements. */
const MAX_STATEMENTS = 30

/** Returns a POST that creates a note. The title is also the Idempotency-Key. */
function create(title: string, kill?: string): RequestInit {
  const headers = {
    accept: 'application/json',
    authorization: AUTHORIZATION,
    'content-type': 'application/json',
    'idempotency-key': title,
    ...(kill && { 'x-kill': kill }),
  }
  return { method: 'POST', headers, body: JSON.stringify({ title, body: '', author: 'Zoë' }) }
}

/** Returns the response, or undefined if the connection ended without a response. */
async function send(url: string, request: RequestInit) {
  const reply = await fetch(`${url}/notes`, request).catch(() => undefined)
  if (!reply) return undefined
  const { status, headers } = reply
  return {
    status,
    location: headers.get('location'),
    etag: headers.get('etag'),
    body: await reply.text(),
  }
}

/** Returns the number of notes with a title, from the database. */
async function countNotes(DATABASE_URL: string, title: string) {
  const database = await openDatabase(DATABASE_URL, { timeoutMs: TEST_TIMEOUT_MS })
  const rows = await database.reader
    .selectFrom('fixture_notes')
    .select('id')
    .where('title', '=', title)
    .execute()
  await database.close()
  return rows.length
}

/** Returns a service that starts again with the same database after each kill. */
function createService(t: Test, DATABASE_URL: string) {
  const directory = t.testdir()
  let server: ReturnType<typeof start> | undefined

  function start() {
    return startServer(
      t,
      { ...FAST_START, DATABASE_URL, DATABASE_TIMEOUT },
      directory,
      FIXTURES,
      `--import=${PRELOAD}`,
    )
  }

  return {
    async send(request: RequestInit) {
      server ??= start()
      const { url } = await server
      const reply = await send(url, request)
      if (!reply) server = undefined
      return reply
    },
  }
}

testOnEachEngine(
  'a POST with Idempotency-Key creates one note, even if the process is killed at any statement',
  async (t) => {
    const url = await lastingUrl(t)
    const service = createService(t, url)

    /** Kills the service during a POST, and checks a retry. Returns false if the process was not killed. */
    async function kill(when: string, expectedRows: number) {
      const title = when.replace(' ', '-')
      const isKilled = (await service.send(create(title, when))) === undefined
      t.equal(
        await countNotes(url, title),
        isKilled ? expectedRows : 1,
        `${when}: the request is stored completely or not at all`,
      )
      const first = await service.send(create(title))
      t.equal(first?.status, 201, `${when}: a retry returns 201`)
      t.same(
        await service.send(create(title)),
        first,
        `${when}: a repetition gets the same response`,
      )
      t.equal(await countNotes(url, title), 1, `${when}: there is one note`)
      return isKilled
    }

    let statements = 0
    while (statements < MAX_STATEMENTS && (await kill(`before ${statements + 1}`, 0))) statements++
    t.ok(
      statements >= 4 && statements < MAX_STATEMENTS,
      `the process is killed before each of ${statements} statements`,
    )
    t.ok(
      await kill(`after ${statements}`, 1),
      'the process is killed after the last statement, before the response',
    )
  },
)
