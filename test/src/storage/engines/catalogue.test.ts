import { join } from 'node:path'
import { sql } from 'kysely'
import t from 'tap'
import type { Schema } from '../../../../src/storage/schema.ts'
import { listData } from '../../../../src/storage/transfer/tables.ts'
import { openMigrated } from '../../../database.ts'
import { testOnEachEngine } from '../../../engines.ts'
import { damage } from '../../../storage-rows.ts'

/** Tables that stores know. */
const TABLES: (keyof Schema)[] = ['articles', 'idempotency_keys', 'messages', 'users']

testOnEachEngine('every table of the schema is found, with the columns of SQLite', async (t) => {
  const sqlite = await openMigrated(t, 'sqlite::memory:')
  const here = await openMigrated(t)
  const expected = await listData({ db: sqlite.reader, catalogue: sqlite.dialect.catalogue })
  const found = await listData({ db: here.reader, catalogue: here.dialect.catalogue })
  t.strictSame(found, expected)
  const names = found.map(({ name }) => name)
  for (const table of TABLES) t.ok(names.includes(table), table)
  for (const { name, key } of found) t.ok(key.length > 0, `${name} has a key`)
})

testOnEachEngine('what an engine makes for itself is not found', async (t) => {
  const { reader, write, dialect } = await openMigrated(t)
  const before = await listData({ db: reader, catalogue: dialect.catalogue })
  for (const statement of [
    'create view views as select * from users',
    "alter table users add column loud text generated always as (name || '!') STORED",
  ]) {
    const text = statement.replace('STORED', t.context.isOnPostgres ? 'stored' : 'virtual')
    await write((writer) => sql.raw(text).execute(writer))
  }
  t.strictSame(await listData({ db: reader, catalogue: dialect.catalogue }), before)
})

testOnEachEngine('a table is found after those that it refers to', async (t) => {
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

testOnEachEngine('a count is read, raised and never taken back', async (t) => {
  const { reader, write, dialect } = await openMigrated(t)
  const { readCount, raiseCount } = dialect.catalogue
  t.equal(await readCount(reader, 'articles'), 123)
  t.equal(await readCount(reader, 'messages'), undefined, 'none was given')
  t.equal(await readCount(reader, 'kysely_migration'), undefined, 'it counts none')
  for (const [count, expected] of [
    [1, 1],
    [10 ** 12, 10 ** 12],
    [7, 10 ** 12],
  ] as const) {
    await write((writer) => raiseCount(writer, 'messages', count))
    t.equal(await readCount(reader, 'messages'), expected)
  }
})

t.test('damage of a file is found', async (t) => {
  const file = join(t.testdir(), 'api.db')
  const first = await openMigrated(t, `sqlite:${file}`)
  t.strictSame(await first.dialect.catalogue.findDamage(first.reader), [])
  await first.close()
  damage(file)
  const second = await openMigrated(t, `sqlite:${file}`)
  t.match(await second.dialect.catalogue.findDamage(second.reader), [/users_by_name/])
})
