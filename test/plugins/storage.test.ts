import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t, { type Test } from 'tap'
import { createArticleStore } from '../../routes/articles/store.ts'
import { createMessageStore } from '../../routes/messages/store.ts'
import { buildApp } from '../../src/app.ts'
import { parseConfig } from '../../src/config.ts'
import { StorageError } from '../../src/storage/database.ts'
import { build, createLog } from '../app.ts'
import { LATER_VERSION_NEEDED } from '../database.ts'
import { createPersonStore } from '../fixtures/resources/people/store.ts'
import { makeNewer } from '../storage-rows.ts'

const MESSAGE = { mediaType: 'text/plain', fileName: null, bytes: Buffer.from('hello') }

function fileOf(t: Test): string {
  return join(t.testdir(), 'data', 'api.db')
}

/** Builds an app whose database is this file; the test closes it. */
function open(file: string) {
  const config = parseConfig({ DATABASE_URL: `sqlite:${file}` })
  return buildApp(config, { logDestination: createLog() })
}

t.test('a new database holds the rows of the migrations', async (t) => {
  const app = await build(t)
  for (const [id, name] of [
    [1, 'anna'],
    [2, 'steve'],
    [3, 'bill'],
  ] as const) {
    t.match(await app.store(createPersonStore).find(id), { person: { id, name } })
  }
  t.equal(await app.store(createPersonStore).find(4), undefined)
  t.match(await app.store(createArticleStore).find(123), { version: '1' })
  t.equal(await app.store(createMessageStore).find(1), undefined, 'and no message')
})

t.test('a restart keeps the data, and adds no row of a migration again', async (t) => {
  const file = fileOf(t)
  const first = await open(file)
  const { id } = await first.store(createMessageStore).create(MESSAGE)
  await first.close()

  const database = new DatabaseSync(file)
  database.exec("delete from articles; update people set name = 'jane' where id = 1")
  database.close()

  const second = await open(file)
  t.teardown(() => second.close())
  t.match(await second.store(createMessageStore).find(id), {
    bytes: MESSAGE.bytes,
    mediaType: 'text/plain',
  })
  t.same(
    await second.store(createArticleStore).find(123),
    undefined,
    'what was deleted stays deleted',
  )
  t.match(
    await second.store(createPersonStore).find(1),
    { person: { name: 'jane' } },
    'what was changed stays changed',
  )
})

t.test('the database is in WAL mode, and intact after close', async (t) => {
  const file = fileOf(t)
  const app = await open(file)
  await app.store(createMessageStore).create(MESSAGE)
  await app.close()
  const database = new DatabaseSync(file)
  t.teardown(() => database.close())
  t.match(database.prepare('pragma journal_mode').get(), { journal_mode: 'wal' })
  t.match(database.prepare('select count(*) as count from messages').get(), { count: 1 })
  t.match(database.prepare('pragma integrity_check').get(), { integrity_check: 'ok' })
})

t.test('close closes the database', async (t) => {
  const app = await build(t)
  await app.close()
  await t.rejects(app.store(createPersonStore).find(1), 'queries are rejected')
})

t.test('refuses to start on a file that is no database', async (t) => {
  const file = join(t.testdir(), 'notes.txt')
  writeFileSync(file, 'no database, but long enough to be looked at as one. '.repeat(40))
  const error = await open(file).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  t.type(error, StorageError)
  t.match(error, { message: `cannot open the database ${file}: file is not a database` })
})

t.test('refuses to start on a database of a later version, and does not change it', async (t) => {
  const file = fileOf(t)
  const before = await makeNewer(file)

  const error = await open(file).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  t.type(error, StorageError)
  t.match(error, {
    message: LATER_VERSION_NEEDED,
  })
  t.same(readFileSync(file), before, 'byte by byte')
})
