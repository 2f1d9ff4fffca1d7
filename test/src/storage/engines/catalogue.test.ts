import { join } from 'node:path'
import { sql } from 'kysely'
import t from 'tap'
import type { Schema } from '../../../../src/storage/schema.ts'
import { listTables } from '../../../../src/storage/transfer/tables.ts'
import { openMigrated } from '../../../database.ts'
import { testOnEachEngine } from '../../../engines.ts'
import { damage } from '../../../storage-rows.ts'
import '../../../fixtures/register.ts'

/** Tables that the stores declare. */
const TABLES: (keyof Schema)[] = ['fixture_files', 'fixture_notes', 'idempotency_keys']

testOnEachEngine('both engines list the same tables with the same columns', async (t) => {
  const sqlite = await openMigrated(t, 'sqlite::memory:')
  const here = await openMigrated(t)
  const expected = await listTables({ db: sqlite.reader, catalogue: sqlite.dialect.catalogue })
  const found = await listTables({ db: here.reader, catalogue: here.dialect.catalogue })
  t.strictSame(found, expected)
  const names = found.map(({ name }) => name)
  for (const table of TABLES) t.ok(names.includes(table), table)
  for (const { name, key } of found) t.ok(key.length > 0, `${name} has a key`)
})

testOnEachEngine('views and generated columns are not listed', async (t) => {
  const { reader, write, dialect } = await openMigrated(t)
  const before = await listTables({ db: reader, catalogue: dialect.catalogue })
  for (const statement of [
    'create view views as select * from fixture_notes',
    "alter table fixture_notes add column loud text generated always as (title || '!') STORED",
  ]) {
    const text = statement.replace('STORED', t.context.isOnPostgres ? 'stored' : 'virtual')
    await write((writer) => sql.raw(text).execute(writer))
  }
  t.strictSame(await listTables({ db: reader, catalogue: dialect.catalogue }), before)
})

testOnEachEngine('a table is listed after the tables that it refers to', async (t) => {
  const { reader, write, dialect } = await openMigrated(t)
  for (const name of ['zebras', 'apes']) {
    await write((writer) =>
      sql`create table ${sql.table(name)} (id integer primary key, friend integer references zebras (id))`.execute(
        writer,
      ),
    )
  }
  const tables = await dialect.catalogue.listTables(reader)
  t.strictSame(tables.map(({ name }) => name).slice(-2), ['zebras', 'apes'])
})

testOnEachEngine('raiseLastId() raises the last id of a table, and never lowers it', async (t) => {
  const { reader, write, dialect } = await openMigrated(t)
  const { readLastId, raiseLastId } = dialect.catalogue
  t.equal(await readLastId(reader, 'fixture_notes'), 123)
  t.equal(
    await readLastId(reader, 'fixture_files'),
    undefined,
    'a table that has assigned no id has no last id',
  )
  t.equal(
    await readLastId(reader, 'schema_migrations'),
    undefined,
    'a table without generated ids has no last id',
  )
  for (const [id, expected] of [
    [1, 1],
    [10 ** 12, 10 ** 12],
    [7, 10 ** 12],
  ] as const) {
    await write((writer) => raiseLastId(writer, 'fixture_files', id))
    t.equal(await readLastId(reader, 'fixture_files'), expected)
  }
})

t.test('findDamage() finds damage in a SQLite file', async (t) => {
  const file = join(t.testdir(), 'api.db')
  const first = await openMigrated(t, `sqlite:${file}`)
  t.strictSame(await first.dialect.catalogue.findDamage(first.reader), [])
  await first.close()
  damage(file)
  const second = await openMigrated(t, `sqlite:${file}`)
  t.match(await second.dialect.catalogue.findDamage(second.reader), [/notes_by_title/])
})
