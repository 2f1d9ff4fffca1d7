import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Kysely, sql } from 'kysely'
import t from 'tap'
import {
  ConstraintViolation,
  DatabaseFull,
  DatabaseUnavailable,
} from '../../../../src/storage/engines/failure.ts'
import { openSqlite } from '../../../../src/storage/engines/sqlite.ts'
import type { Schema } from '../../../../src/storage/schema.ts'
import { open, openMigrated } from '../../../database.ts'
import '../../../fixtures/register.ts'

const PRAGMAS = [
  { journal_mode: 'wal' },
  { synchronous: 2 },
  { foreign_keys: 1 },
  { timeout: 0 }, // the column of `pragma busy_timeout`
]

t.test('SQLite uses WAL mode, and flushes each commit to the disk', async (t) => {
  const { reader, write } = await open(t, `sqlite:${join(t.testdir(), 'api.db')}`)
  for (const pragma of PRAGMAS) {
    const name = Object.keys(pragma).join().replace('timeout', 'busy_timeout')
    const query = sql.raw(`pragma ${name}`)
    t.same((await query.execute(reader)).rows, [pragma], `${name} of the connection for reads`)
    const { rows } = await write((writer) => query.execute(writer))
    t.same(rows, [pragma], `${name} of the connection for writes`)
  }
})

t.test('SQLite enforces foreign keys', async (t) => {
  const { reader } = await open(t, 'sqlite::memory:')
  await sql`create table a (id integer primary key)`.execute(reader)
  await sql`create table b (a integer references a (id))`.execute(reader)
  const error = await sql`insert into b values (1)`.execute(reader).catch((error) => error)
  t.match(error, { constraint: 'reference', columns: ['a'], cause: { code: 'ERR_SQLITE_ERROR' } })
  t.notOk(
    error instanceof DatabaseUnavailable,
    'the error does not mean that the database is unavailable',
  )
})

t.test('a query binds its parameters, and returns rows or the number of changes', async (t) => {
  const { reader } = await open(t, 'sqlite::memory:')
  await sql`create table a (id integer primary key, b text)`.execute(reader)
  const inserted = await sql`insert into a (b) values (${"x'y"}), (${null})`.execute(reader)
  t.match(inserted, { numAffectedRows: 2n, insertId: 2n, rows: [] })
  t.same((await sql`insert into a (b) values (${'z'}) returning id`.execute(reader)).rows, [
    { id: 3 },
  ])
  const { rows } = await sql`select b from a where id <= ${2} order by id`.execute(reader)
  t.same(rows, [{ b: "x'y" }, { b: null }])
})

t.test('a statement is prepared only once', async (t) => {
  const { reader, write } = await openMigrated(t)
  await write((writer) => writer.insertInto('fixture_notes').values({ title: 'Another' }).execute())
  const { args } = t.capture(DatabaseSync.prototype, 'prepare', DatabaseSync.prototype.prepare)
  const find = (id: number) =>
    reader.selectFrom('fixture_notes').select('title').where('id', '=', id).executeTakeFirst()
  t.match([await find(123), await find(124)], [{ title: 'A title' }, { title: 'Another' }])
  t.equal(args().length, 1)
})

t.test('a query can stream its rows while the same query runs again', async (t) => {
  const { reader, write } = await openMigrated(t, `sqlite:${join(t.testdir(), 'api.db')}`)
  const added = [{ title: 'b' }, { title: 'c' }]
  await write((writer) => writer.insertInto('fixture_notes').values(added).execute())
  const query = reader.selectFrom('fixture_notes').select('title').orderBy('id')
  const [first, second] = [query.stream(), query.stream()]
  const titles: string[] = []
  for await (const { title } of first) titles.push(title)
  for await (const { title } of second) titles.push(title)
  t.same(titles, ['A title', 'b', 'c', 'A title', 'b', 'c'])
})

t.test('with a file, reads do not wait for a write, and read only committed data', async (t) => {
  const database = await openMigrated(t, `sqlite:${join(t.testdir(), 'api.db')}`)
  const titles = () => database.reader.selectFrom('fixture_notes').select('title').execute()
  await database.transact(async (writer) => {
    await writer.deleteFrom('fixture_notes').execute()
    t.same(
      await titles(),
      [{ title: 'A title' }],
      'a read during a transaction does not see its writes',
    )
  })
  t.same(await titles(), [])
})

type Failing = (db: Kysely<Schema>) => Promise<unknown>

const FAILURES: [title: string, type: typeof DatabaseFull, message: RegExp, provoke: Failing][] = [
  [
    'a full disk',
    DatabaseFull,
    /^SQLite: database or disk is full$/,
    async (db) => {
      await sql`pragma max_page_count = 1`.execute(db)
      await db
        .insertInto('fixture_notes')
        .values({ title: 'x'.repeat(100_000) })
        .execute()
    },
  ],
  [
    'a read-only database',
    DatabaseUnavailable,
    /^SQLite: attempt to write a readonly database$/,
    async (db) => {
      await sql`pragma query_only = on`.execute(db)
      await db.deleteFrom('fixture_notes').execute()
    },
  ],
  [
    'a file that cannot be opened',
    DatabaseUnavailable,
    /^SQLite: unable to open database/,
    (db) => sql`attach '/dev/null/a.db' as other`.execute(db),
  ],
]

for (const [title, type, message, provoke] of FAILURES) {
  t.test(`${title} causes a ${type.name}`, async (t) => {
    const { reader } = await openMigrated(t)
    const error = await reader
      .connection()
      .execute(provoke)
      .catch((error) => error)
    t.type(error, type)
    t.match(error, { message, cause: { code: 'ERR_SQLITE_ERROR' } })
  })
}

/** Primary and extended result codes of SQLite, with the type of the resulting error. */
const CODES: [name: string, errcode: number, type: new (...args: never[]) => Error][] = [
  ['SQLITE_ERROR', 1, Error],
  ['SQLITE_BUSY', 5, DatabaseUnavailable],
  ['SQLITE_BUSY_RECOVERY', 261, DatabaseUnavailable],
  ['SQLITE_LOCKED', 6, DatabaseUnavailable],
  ['SQLITE_READONLY', 8, DatabaseUnavailable],
  ['SQLITE_IOERR_READ', 266, DatabaseUnavailable],
  ['SQLITE_CORRUPT', 11, Error],
  ['SQLITE_FULL', 13, DatabaseFull],
  ['SQLITE_CANTOPEN', 14, DatabaseUnavailable],
  ['SQLITE_PROTOCOL', 15, DatabaseUnavailable],
  ['UNIQUE constraint failed: a.b', 2067, ConstraintViolation],
  ['an error that a trigger raises', 1811, Error],
  ['VIRTUAL TABLE constraint failed', 2323, Error],
]

for (const [name, errcode, type] of CODES) {
  t.test(`the result code ${name} is reported as ${type.name}`, async (t) => {
    const { reader } = await openMigrated(t)
    const cause = Object.assign(new Error(name), { errcode })
    t.intercept(DatabaseSync.prototype, 'prepare', {
      value: () => {
        throw cause
      },
    })
    const error = await sql`select 'not prepared yet'`.execute(reader).catch((error) => error)
    t.equal(error.constructor, type)
    t.equal(
      type === Error ? error : error.cause,
      cause,
      'the original error is thrown, or is the cause of the thrown error',
    )
  })
}

t.test('errors of a query are passed on unchanged', async (t) => {
  const { reader } = await openMigrated(t)
  const faults: [query: string, message: RegExp][] = [
    ['selec 1', /syntax error/],
    ['select * from nowhere', /no such table/],
  ]
  for (const [query, message] of faults) {
    const error = await sql
      .raw(query)
      .execute(reader)
      .catch((error) => error)
    t.match(error, { code: 'ERR_SQLITE_ERROR', message })
    t.notOk(error instanceof DatabaseUnavailable || error instanceof DatabaseFull, query)
  }
})

t.test('openSqlite() closes a file that is not a database', async (t) => {
  const folder = t.testdir({ 'a.txt': 'this is text and no database' })
  const close = t.capture(DatabaseSync.prototype, 'close', DatabaseSync.prototype.close)
  t.throws(() => openSqlite(join(folder, 'a.txt'), { timeoutMs: 0 }), {
    message: 'file is not a database',
  })
  t.equal(close().length, 1)
  t.throws(() => openSqlite(folder, { timeoutMs: 0 }), { code: 'EISDIR' })
})
