import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { FIXTURES } from '../../fixtures/register.ts'
import { FAST_START, startServer } from '../../server.ts'
import { createClient } from '../client.ts'

/** Timeout that is long enough to be distinguished from the delays of a slow machine. */
const DATABASE_TIMEOUT_MS = 2_000

t.setTimeout(60_000)

/** Starts the service with a database file that another connection has locked for writing. */
async function startLocked(t: Test) {
  const directory = t.testdir()
  const file = join(directory, 'api.db')
  const environment = { ...FAST_START, DATABASE_TIMEOUT: String(DATABASE_TIMEOUT_MS) }
  const { url } = await startServer(
    t,
    { DATABASE_URL: `sqlite:${file}`, ...environment },
    directory,
    FIXTURES,
  )
  const other = new DatabaseSync(file)
  other.exec('begin immediate')
  t.teardown(() => other.close())

  function createAs(name: string) {
    const { send, close } = createClient(url)
    t.teardown(close)
    return send('POST', '/notes', { body: { title: name, body: name, author: name } })
  }
  function read() {
    const { send, close } = createClient(url)
    t.teardown(close)
    return send('GET', '/notes/123')
  }
  return { other, createAs, read }
}

t.test(
  'while the database is locked, reads succeed and a write waits until the lock is released',
  async (t) => {
    const { other, createAs, read } = await startLocked(t)
    let isWritten = false
    const written = createAs('waiting').finally(() => {
      isWritten = true
    })
    for (let count = 0; count < 5; count++) t.equal((await read()).status, 200, 'reads succeed')
    t.equal(isWritten, false, 'the write waits')
    other.exec('rollback')
    t.equal((await written).status, 201, 'the write succeeds after the release')
  },
)

t.test('a write that waited for DATABASE_TIMEOUT gets 503 with Retry-After', async (t) => {
  const { other, createAs } = await startLocked(t)
  const first = createAs('first')
  await delay(DATABASE_TIMEOUT_MS / 2)
  // The timeout of the second write must start at its arrival, not when the first write has failed.
  const second = createAs('second')
  for (const { status, headers, durationMs } of await Promise.all([first, second])) {
    t.equal(status, 503, 'the write returns 503')
    t.equal(headers['retry-after'], '1', 'the 503 states when to retry')
    t.ok(
      durationMs > DATABASE_TIMEOUT_MS * 0.9 && durationMs < DATABASE_TIMEOUT_MS * 1.4,
      `the 503 arrived after ${Math.round(durationMs)} ms`,
    )
  }
  other.exec('rollback')
  t.equal((await createAs('third')).status, 201, 'a later write succeeds')
  const rows = other.prepare('select title from fixture_notes where id <> 123').all()
  t.same(rows, [{ title: 'third' }], 'refused writes are not stored')
})
