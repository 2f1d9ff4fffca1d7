import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t, { type Test } from 'tap'
import { openDatabase } from '../../src/storage/open-database.ts'
import { AUTHORIZATION } from '../app.ts'
import { lastingUrl, PATIENCE, testOnEachEngine } from '../engines.ts'
import { FAST_START, startServer } from '../server.ts'

const PRELOAD = pathToFileURL(join(import.meta.dirname, 'kill-in-request.ts')).href

// twenty starts, on a machine that may have other things to do
t.setTimeout(120_000)

const DATABASE_TIMEOUT = String(PATIENCE)

/** More statements than a request has, by far. */
const MOST = 30

/** An article, whose title is its key too. */
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

/** What a client sees: undefined where the connection ended without an answer. */
async function send(url: string, request: RequestInit) {
  const reply = await fetch(`${url}/articles`, request).catch(() => undefined)
  if (!reply) return undefined
  const { status, headers } = reply
  return {
    status,
    location: headers.get('location'),
    etag: headers.get('etag'),
    body: await reply.text(),
  }
}

/** How many articles have a title, asked of the database itself. */
async function countArticles(DATABASE_URL: string, title: string) {
  const database = await openDatabase(DATABASE_URL, { timeoutMs: PATIENCE })
  const rows = await database.reader
    .selectFrom('articles')
    .select('id')
    .where('title', '=', title)
    .execute()
  await database.close()
  return rows.length
}

/** The service on one database, which is started again each time that it was killed. */
function createService(t: Test, DATABASE_URL: string) {
  const directory = t.testdir()
  let server: ReturnType<typeof start> | undefined

  function start() {
    return startServer(
      t,
      { ...FAST_START, DATABASE_URL, DATABASE_TIMEOUT },
      directory,
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

testOnEachEngine('a POST under a key is done once, wherever the process ends', async (t) => {
  const url = await lastingUrl(t)
  const service = createService(t, url)

  /** Has the service killed in a POST, and says whether it was; a retry is to find its way. */
  async function kill(when: string, written: number) {
    const title = when.replace(' ', '-')
    const isKilled = (await service.send(create(title, when))) === undefined
    t.equal(await countArticles(url, title), isKilled ? written : 1, `${when}: all or nothing`)
    const first = await service.send(create(title))
    t.equal(first?.status, 201, `${when}: a retry is answered`)
    t.same(await service.send(create(title)), first, `${when}: a repeat gets the same answer`)
    t.equal(await countArticles(url, title), 1, `${when}: there is one article`)
    return isKilled
  }

  let statements = 0
  while (statements < MOST && (await kill(`before ${statements + 1}`, 0))) statements++
  t.ok(
    statements >= 4 && statements < MOST,
    `it was killed before each of ${statements} statements`,
  )
  t.ok(await kill(`after ${statements}`, 1), 'and after the last, with the answer not sent')
})
