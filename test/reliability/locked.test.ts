import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { FAST_START, startServer } from '../server.ts'
import { createClient } from './client.ts'

/** How long the service waits for the lock, in milliseconds: long enough to tell it from a slow machine. */
const TIMEOUT = 2_000

t.setTimeout(60_000)

/** Starts the service on a file that something else has locked for writing. */
async function startLocked(t: Test) {
  const directory = t.testdir()
  const file = join(directory, 'api.db')
  const environment = { ...FAST_START, DATABASE_TIMEOUT: String(TIMEOUT) }
  const { url } = await startServer(
    t,
    { DATABASE_URL: `sqlite:${file}`, ...environment },
    directory,
  )
  const other = new DatabaseSync(file)
  other.exec('begin immediate')
  t.teardown(() => other.close())

  function createAs(name: string) {
    const { send, close } = createClient(url)
    t.teardown(close)
    return send('POST', '/articles', { body: { title: name, body: name, author: name } })
  }
  function read() {
    const { send, close } = createClient(url)
    t.teardown(close)
    return send('GET', '/articles/123')
  }
  return { other, createAs, read }
}

t.test('who reads does not wait for a lock, and who writes goes on when it is gone', async (t) => {
  const { other, createAs, read } = await startLocked(t)
  let isWritten = false
  const written = createAs('waiting').finally(() => {
    isWritten = true
  })
  for (let count = 0; count < 5; count++) t.equal((await read()).status, 200, 'a read is answered')
  t.equal(isWritten, false, 'the write waits meanwhile')
  other.exec('rollback')
  t.equal((await written).status, 201, 'and is made then')
})

t.test('a write is told to try later once it has waited long enough', async (t) => {
  const { other, createAs } = await startLocked(t)
  const first = createAs('first')
  await delay(TIMEOUT / 2)
  // it is not to wait for the first to give up, and then as long again
  const second = createAs('second')
  for (const { status, headers, took } of await Promise.all([first, second])) {
    t.equal(status, 503, 'it is refused')
    t.equal(headers['retry-after'], '1', 'for now')
    t.ok(took > TIMEOUT * 0.9 && took < TIMEOUT * 1.4, `it waited for ${Math.round(took)} ms`)
  }
  other.exec('rollback')
  t.equal((await createAs('third')).status, 201, 'and succeeds when it tries later')
  const rows = other.prepare('select title from articles where id <> 123').all()
  t.same(rows, [{ title: 'third' }], 'what was refused is not there')
})
