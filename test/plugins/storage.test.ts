import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { buildApp } from '../../src/app.ts'
import { parseConfig } from '../../src/config.ts'
import { StorageError } from '../../src/storage/database.ts'
import { build, createLog, expectReply } from '../app.ts'
import { LATER_VERSION_NEEDED, openMigrated } from '../database.ts'
import { createFileStore } from '../fixtures/resources/files/store.ts'
import { createNoteStore } from '../fixtures/resources/notes/store.ts'
import { makeNewer } from '../storage-rows.ts'
import '../fixtures/register.ts'

const FILE = { mediaType: 'text/plain', bytes: Buffer.from('hello') }

function fileOf(t: Test): string {
  return join(t.testdir(), 'data', 'api.db')
}

/** Builds an app with this database file. The test must close the app. */
function open(file: string) {
  const config = parseConfig({ DATABASE_URL: `sqlite:${file}` })
  return buildApp(config, { logDestination: createLog() })
}

t.test('a start that waits for another process logs this', async (t) => {
  const file = fileOf(t)
  const other = await openMigrated(t, `sqlite:${file}`)
  const log = createLog()
  const isReported = async () => {
    while (log.lines.length === 0) await delay(20)
  }
  let start: ReturnType<typeof buildApp> | undefined
  await other.transactAlone(async () => {
    start = buildApp(parseConfig({ DATABASE_URL: `sqlite:${file}` }), { logDestination: log })
    await isReported()
  })
  await (await start)?.close()
  const reason = 'another process that writes to the file'
  t.match(log.lines[0], { level: 'warn', msg: 'the start waits for the database', reason })
})

t.test('a new database contains only the rows that migrations insert', async (t) => {
  const app = await build(t)
  const found = { note: { id: 123, title: 'A title' }, version: '1' }
  t.match(await app.store(createNoteStore).find(123), found)
  t.equal(await app.store(createNoteStore).find(124), undefined)
  t.equal(await app.store(createFileStore).find(1), undefined, 'no migration inserts a file')
})

t.test(
  "a restart keeps the data, and does not insert a migration's rows a second time",
  async (t) => {
    const file = fileOf(t)
    const first = await open(file)
    const { id } = await first.store(createFileStore).create(FILE)
    await first.close()

    execute(file, "update fixture_notes set title = 'jane'")
    const second = await open(file)
    t.match(await second.store(createFileStore).find(id), FILE)
    t.match(await second.store(createNoteStore).find(123), { note: { title: 'jane' } })
    await second.close()

    execute(file, 'delete from fixture_notes')
    const third = await open(file)
    t.teardown(() => third.close())
    t.equal(await third.store(createNoteStore).find(123), undefined, 'the note stays deleted')
  },
)

t.test(
  'after the file was deleted, the service is not ready, refuses writes, and still reads',
  async (t) => {
    const file = fileOf(t)
    const log = createLog()
    const config = parseConfig({ DATABASE_URL: `sqlite:${file}` })
    const app = await buildApp(config, { logDestination: log })
    t.teardown(() => app.close())
    await expectReply(t, app, { url: '/health/ready' }, { status: 200 })
    rmSync(file)
    await expectReply(t, app, { url: '/health/ready' }, { status: 503 })
    t.match(
      log.lines.filter(({ msg }) => msg === 'not ready'),
      [
        {
          part: 'database',
          err: { message: `SQLite: ${file} was deleted while the service was running` },
        },
      ],
    )
    const headers = { 'content-type': 'text/plain' }
    const upload = { method: 'POST', url: '/files', headers, payload: 'hello' } as const
    await expectReply(t, app, upload, { status: 503 })
    await expectReply(t, app, { url: '/notes/123' }, { status: 200 })
  },
)

function execute(file: string, statement: string) {
  const database = new DatabaseSync(file)
  database.exec(statement)
  database.close()
}

t.test(
  'the metrics contain the sizes of the database file and of its write-ahead log',
  async (t) => {
    const file = fileOf(t)
    const app = await open(file)
    const sizes = () => [file, `${file}-wal`].map((path) => statSync(path).size)
    const { body } = await app.inject('/metrics')
    const [database = 0, log = 0] = sizes()
    t.ok(database > 0 && log > 0)
    t.match(body, `sqlite_file_bytes{file="database"} ${database}\n`)
    t.match(body, `sqlite_file_bytes{file="wal"} ${log}\n`)
    rmSync(`${file}-wal`)
    t.match((await app.inject('/metrics')).body, 'sqlite_file_bytes{file="wal"} 0\n')
    await app.close()
  },
)

t.test('the database file is in WAL mode, and intact after the app is closed', async (t) => {
  const file = fileOf(t)
  const app = await open(file)
  await app.store(createFileStore).create(FILE)
  await app.close()
  const database = new DatabaseSync(file)
  t.teardown(() => database.close())
  t.match(database.prepare('pragma journal_mode').get(), { journal_mode: 'wal' })
  t.match(database.prepare('select count(*) as count from fixture_files').get(), { count: 1 })
  t.match(database.prepare('pragma integrity_check').get(), { integrity_check: 'ok' })
})

t.test('close() of the app closes the database', async (t) => {
  const app = await build(t)
  await app.close()
  await t.rejects(app.store(createNoteStore).find(1), 'queries after close() are rejected')
})

t.test('the app does not start with a file that is not a database', async (t) => {
  const file = join(t.testdir(), 'notes.txt')
  writeFileSync(file, 'no database, but long enough to be looked at as one. '.repeat(40))
  const error = await open(file).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  t.type(error, StorageError)
  t.match(error, { message: `cannot open the database ${file}: file is not a database` })
})

t.test(
  'the app does not start with a database of a later version, and does not change the database',
  async (t) => {
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
    t.same(readFileSync(file), before, 'the file is unchanged')
  },
)
