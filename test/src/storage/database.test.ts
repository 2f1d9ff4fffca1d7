import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import t from 'tap'
import { createArticleStore } from '../../../src/storage/articles.ts'
import { migrate, openDatabase, StorageError } from '../../../src/storage/database.ts'
import { createMessageStore } from '../../../src/storage/messages.ts'
import { createUserStore } from '../../../src/storage/users.ts'
import { openMigrated } from '../../database.ts'

/** The steps that a database has gone through, in their order. */
const STEPS = sql<{ name: string }>`select name from kysely_migration order by name`

t.test('a fresh database holds the schema and the tutorial’s data', async (t) => {
  const database = await openMigrated(t)
  t.same((await STEPS.execute(database)).rows, [
    { name: '001-resources' },
    { name: '002-tutorial' },
    { name: '003-versions' },
  ])
  t.same(await database.selectFrom('users').select('name').orderBy('id').execute(), [
    { name: 'john' },
    { name: 'steve' },
    { name: 'bill' },
  ])
  t.same(await database.selectFrom('articles').select('id').execute(), [{ id: 123 }])
  t.same(await database.selectFrom('messages').selectAll().execute(), [])
})

t.test('databases in memory share nothing', async (t) => {
  const [first, second] = [await openMigrated(t), await openMigrated(t)]
  await first.deleteFrom('users').execute()
  t.match(await createUserStore(second).find(1), { name: 'john' })
})

t.test('a file is made with its folder, and what it holds survives a reopen', async (t) => {
  const url = `sqlite:${join(t.testdir(), 'a/b/api.db')}`
  const first = openDatabase(url)
  await migrate(first)
  const message = { mediaType: 'text/plain', fileName: 'a.txt', bytes: Buffer.from('a\0b') }
  const { id } = await createMessageStore(first).create(message)
  await first.destroy()

  const found = await createMessageStore(await openMigrated(t, url)).find(id)
  t.match(found, { mediaType: 'text/plain', fileName: 'a.txt' })
  t.same(Buffer.from(found?.bytes ?? []), message.bytes)
})

t.test('what was acknowledged can be read while the file is open elsewhere', async (t) => {
  const url = `sqlite:${join(t.testdir(), 'api.db')}`
  const [first, second] = [await openMigrated(t, url), await openMigrated(t, url)]
  await first.insertInto('users').values({ name: 'zoë' }).execute()
  t.match(await createUserStore(second).find(4), { name: 'zoë' })
})

t.test('a migration runs once: what was deleted is not seeded again', async (t) => {
  const url = `sqlite:${join(t.testdir(), 'api.db')}`
  const first = openDatabase(url)
  await migrate(first)
  await first.deleteFrom('users').execute()
  await first.deleteFrom('articles').execute()
  const before = (await sql`select * from kysely_migration`.execute(first)).rows
  await migrate(first)
  await first.destroy()

  const second = await openMigrated(t, url)
  t.equal(await createUserStore(second).find(1), undefined)
  t.same(await createArticleStore(second).list(10), [])
  t.same((await sql`select * from kysely_migration`.execute(second)).rows, before)
})

t.test('the query builder reads rows one at a time', async (t) => {
  const database = await openMigrated(t)
  const names: string[] = []
  for await (const { name } of database.selectFrom('users').selectAll().orderBy('id').stream()) {
    names.push(name)
  }
  t.same(names, ['john', 'steve', 'bill'])
})

const PRAGMAS = [
  { journal_mode: 'wal' },
  { synchronous: 2 },
  { foreign_keys: 1 },
  { timeout: 2_000 },
]

t.test('a commit is on the disk, in a journal that lets readers read on', async (t) => {
  const database = await openMigrated(t, `sqlite:${join(t.testdir(), 'api.db')}`)
  for (const pragma of PRAGMAS) {
    const name = Object.keys(pragma).join().replace('timeout', 'busy_timeout')
    t.same((await sql.raw(`pragma ${name}`).execute(database)).rows, [pragma], name)
  }
})

const REFUSED: { title: string; content: string }[] = [
  { title: 'text', content: 'this is text and no database\n' },
  { title: 'long text', content: 'this is text and no database\n'.repeat(1_000) },
  { title: 'what begins like a database', content: `SQLite format 3\0${'x'.repeat(4_000)}` },
]

for (const { title, content } of REFUSED) {
  t.test(`a file with ${title} is refused, and left as it is`, async (t) => {
    const folder = t.testdir({ 'api.db': content })
    const file = join(folder, 'api.db')
    t.throws(() => openDatabase(`sqlite:${file}`), {
      constructor: StorageError,
      message: `cannot open the database ${file}: file is not a database`,
    })
    t.equal(readFileSync(file, 'utf8'), content)
  })
}

t.test('a folder, and a file below a file, are refused in a line that names them', async (t) => {
  const folder = t.testdir({ 'a.txt': '' })
  const paths: [path: string, reason: RegExp][] = [
    [folder, /: unable to open database file$/],
    [join(folder, 'a.txt/api.db'), /: E[A-Z]+: .+$/],
  ]
  for (const [path, reason] of paths) {
    t.throws(() => openDatabase(`sqlite:${path}`), { constructor: StorageError, message: reason })
    t.throws(() => openDatabase(`sqlite:${path}`), { message: `cannot open the database ${path}` })
  }
})

t.test('a schema that is newer than the code is refused, and left as it is', async (t) => {
  const file = join(t.testdir(), 'api.db')
  const first = openDatabase(`sqlite:${file}`)
  await migrate(first)
  await sql`insert into kysely_migration values ('999-future', ${new Date().toISOString()})`.execute(
    first,
  )
  await first.destroy()
  const before = readFileSync(file)

  const second = openDatabase(`sqlite:${file}`)
  await t.rejects(migrate(second), {
    constructor: StorageError,
    message: /^cannot migrate the database: .*999-future is missing/,
  })
  await second.destroy()
  t.same(readFileSync(file), before, 'octet by octet')
})

t.test('a table in the way of the schema is refused, and nothing is left beside it', async (t) => {
  const file = join(t.testdir(), 'api.db')
  const first = openDatabase(`sqlite:${file}`)
  t.teardown(() => first.destroy())
  await sql`create table messages (mine text)`.execute(first)
  await sql`insert into messages values ('kept')`.execute(first)
  await t.rejects(migrate(first), {
    constructor: StorageError,
    message: 'cannot migrate the database: table "messages" already exists',
  })
  t.same((await sql`select * from messages`.execute(first)).rows, [{ mine: 'kept' }])
  t.same((await sql`select name from sqlite_schema`.execute(first)).rows, [{ name: 'messages' }])

  await sql`drop table messages`.execute(first)
  await migrate(first)
  t.match(await createUserStore(first).find(1), { name: 'john' }, 'and once it is gone, all works')
})

t.test('a file that another connection keeps locked is refused', async (t) => {
  const url = `sqlite:${join(t.testdir(), 'api.db')}`
  const [first, second] = [openDatabase(url), openDatabase(url)]
  t.teardown(() => Promise.all([first.destroy(), second.destroy()]))
  await sql`begin immediate`.execute(first)
  await sql`pragma busy_timeout = 0`.execute(second)
  await t.rejects(migrate(second), {
    constructor: StorageError,
    message: 'cannot migrate the database: database is locked',
  })
  await sql`rollback`.execute(first)
  await migrate(second)
  t.match(await createUserStore(second).find(1), { name: 'john' }, 'and taken when it is let go')
})

const MODULE = new URL('../../../src/storage/database.ts', import.meta.url).href

/** Says when it is ready, and migrates the database once its standard input has ended. */
const PROGRAM = `
  import { once } from 'node:events'
  import { migrate, openDatabase } from ${JSON.stringify(MODULE)}
  process.stdout.write('ready')
  await once(process.stdin.resume(), 'end')
  const database = openDatabase(process.argv[1])
  await migrate(database)
  await database.destroy()
`

function spawnMigration(url: string) {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM, url], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  return { child, ready: once(child.stdout, 'data'), exit: once(child, 'exit') }
}

t.test('processes that start at once on a fresh file all succeed', async (t) => {
  const url = `sqlite:${join(t.testdir(), 'api.db')}`
  const processes = Array.from({ length: 4 }, () => spawnMigration(url))
  await Promise.all(processes.map(({ ready }) => ready))
  for (const { child } of processes) child.stdin.end()
  const codes = (await Promise.all(processes.map(({ exit }) => exit))).map(([code]) => code)
  t.same(codes, [0, 0, 0, 0])

  const database = await openMigrated(t, url)
  t.same(await database.selectFrom('users').select('id').execute(), [
    { id: 1 },
    { id: 2 },
    { id: 3 },
  ])
})
