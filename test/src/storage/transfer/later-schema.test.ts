import { join } from 'node:path'
import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { type Database, StorageError } from '../../../../src/storage/database.ts'
import { openSource } from '../../../../src/storage/open-database.ts'
import { backUp } from '../../../../src/storage/transfer/backup.ts'
import { restore } from '../../../../src/storage/transfer/restore.ts'
import { verifyBackup } from '../../../../src/storage/transfer/verify.ts'
import { open, openMigrated } from '../../../database.ts'
import { folderOf, lastingUrl, testOnEachEngine, testOnEachPair } from '../../../engines.ts'
import { copyUrl, fill, readAll } from '../../../storage-rows.ts'
import '../../../fixtures/register.ts'

const MIGRATION = '29990101T0000-later'

const RECORD = `insert into schema_migrations values ('${MIGRATION}', 'd', '0.0.1', '2999')`

function run({ write }: Database, ...statements: string[]) {
  return write(async (writer) => {
    for (const statement of statements) await sql.raw(statement).execute(writer)
  })
}

/** Changes a migrated database as a later version that allows this version to run. */
async function migrateLater(database: Database) {
  await run(database, 'alter table fixture_notes add column mood text', RECORD)
  const { schema } = database.reader
  await schema
    .createTable('later_moods')
    .addColumn('id', database.dialect.integer, database.dialect.autoIncrement)
    .addColumn('name', database.dialect.text)
    .execute()
  await run(
    database,
    'create table later_pairs (b text, a integer, bytes integer, primary key (a, b))',
    "insert into later_moods (name) values ('calm'), ('ünruly'), ('gone')",
    "delete from later_moods where name = 'gone'",
    "insert into later_pairs values ('x', 1, 7), ('y', 1, null)",
    "update fixture_notes set mood = 'calm' where id > 100",
  )
}

/** Opens a database that a later version has migrated and filled. */
async function openLater(t: Test, url: string) {
  const database = await openMigrated(t, url)
  await fill(database)
  await migrateLater(database)
  return database
}

testOnEachEngine('a backup has the tables and columns of later migrations', async (t) => {
  const url = await lastingUrl(t)
  const database = await openLater(t, url)
  if (t.context.isOnPostgres) await run(database, 'create table keyless (a integer)')
  const file = join(folderOf(t), 'backup.db')
  const { counts, ignored } = await backUp(url, file, 5_000)
  t.strictSame(ignored, t.context.isOnPostgres ? ['keyless'] : [])
  for (const table of ['later_moods', 'later_pairs']) {
    t.ok(
      counts.some((count) => count.table === table && count.rows === 2),
      table,
    )
  }
  if (t.context.isOnPostgres) await run(database, 'drop table keyless')
  t.strictSame(await readAll(`sqlite:${file}`), await readAll(url))
  t.match(await verifyBackup(file), { compared: 'all' })

  const source = await openSource(`sqlite:${file}`, 0)
  await source.readSnapshot(async (db) => {
    t.equal(await source.dialect.catalogue.readLastId(db, 'later_moods'), 3)
    const record = db.selectFrom('schema_migrations').selectAll().where('name', '=', MIGRATION)
    t.strictSame(await record.execute(), [
      { name: MIGRATION, digest: 'd', min_version: '0.0.1', applied_at: '2999' },
    ])
  })

  const before = await readAll(url)
  await run(database, 'delete from later_moods', "update fixture_notes set mood = 'other'")
  await restore(file, url, true, { timeoutMs: 5_000 })
  t.strictSame(await readAll(url), before, 'the later version gets back its rows')
})

const DIFFERS =
  'the table fixture_notes is missing, or its columns differ from those that the migrations create'
const USE = 'has migrations of a later version, so use that version: 29990101T0000-later'

testOnEachPair(
  'copy() names the database with later columns that the other one lacks',
  async (t, from, to) => {
    await openLater(t, from)
    await openMigrated(t, to)
    const message = (subject: string) => `${DIFFERS}; the ${subject} ${USE}`
    await t.rejects(copyUrl(t, from, to), { constructor: StorageError, message: message('source') })
    await t.rejects(copyUrl(t, to, from, true), {
      constructor: StorageError,
      message: message('target'),
    })
  },
)

testOnEachEngine('copy() leaves out later tables that the target lacks', async (t) => {
  const url = await lastingUrl(t)
  const source = await openMigrated(t, url)
  await run(source, RECORD, 'create table later (id integer primary key)')
  const { result } = await copyUrl(t, url, 'sqlite::memory:')
  t.strictSame(result.ignored, ['later'])
})

testOnEachEngine('copy() refuses a target whose later tables hold data', async (t) => {
  const [url, to] = [await lastingUrl(t), `sqlite:${join(folderOf(t), 'target.db')}`]
  const source = await openMigrated(t, url)
  const target = await openMigrated(t, to)
  for (const database of [source, target]) {
    await run(database, RECORD, 'create table later (id integer primary key)')
  }
  await copyUrl(t, url, to)
  await run(target, 'insert into later values (1)')
  await t.rejects(copyUrl(t, url, to), { message: /^the target holds data \(rows: .*later 1/ })
})

testOnEachEngine(
  'copy() refuses a source from which a later version dropped a column',
  async (t) => {
    const url = await lastingUrl(t)
    const source = await open(t, url)
    await openMigrated(t, url)
    await run(source, RECORD, 'alter table fixture_notes drop column body')
    await t.rejects(copyUrl(t, url, 'sqlite::memory:'), {
      message: `${DIFFERS}; the source ${USE}`,
    })
  },
)

t.setTimeout(120_000)
