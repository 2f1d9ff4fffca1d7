import { type Kysely, sql } from 'kysely'
import type { Table } from '../../../../src/storage/engines/catalogue.ts'
import type { Schema } from '../../../../src/storage/schema.ts'
import { type Batch, batchesOf, readBatch } from '../../../../src/storage/transfer/batches.ts'
import { listTables } from '../../../../src/storage/transfer/tables.ts'
import { openMigrated } from '../../../database.ts'
import { testOnEachEngine } from '../../../engines.ts'
import '../../../fixtures/register.ts'

/** Divides a table into batches. Returns them, and the last key and the number of rows of each. */
async function divide(db: Kysely<Schema>, table: Table) {
  const batches: [end: unknown, rows: number][] = []
  const seen: Batch[] = []
  for await (const batch of batchesOf(db, table)) {
    seen.push(batch)
    batches.push([batch.upTo, (await readBatch(db, table, batch)).length])
  }
  return { batches, seen }
}

testOnEachEngine(
  'batchesOf() divides a table by the number of rows and by their bytes',
  async (t) => {
    const { reader, write, dialect } = await openMigrated(t)
    const tables = await listTables({ db: reader, catalogue: dialect.catalogue })
    const files = tables.find(({ name }) => name === 'fixture_files') as Table // catalogue.test.ts tests that this table is listed
    t.strictSame(
      (await divide(reader, files)).batches,
      [[undefined, 0]],
      'an empty table has one empty batch',
    )

    const row = { media_type: 'a/b' }
    const small = Array.from({ length: 101 }, (_, id) => ({ id, ...row, bytes: Buffer.from('a') }))
    await write((writer) => writer.insertInto('fixture_files').values(small).execute())
    const { batches, seen } = await divide(reader, files)
    t.strictSame(batches, [
      [[99], 100],
      [undefined, 1],
    ])
    t.strictSame(seen, [{ upTo: [99] }, { after: [99] }])

    const long = [200, 201, 202].map((id) => ({ id, ...row, bytes: Buffer.alloc(5 * 2 ** 20) }))
    await write((writer) => writer.insertInto('fixture_files').values(long).execute())
    t.strictSame((await divide(reader, files)).batches, [
      [[99], 100],
      [[100], 1],
      [[200], 1],
      [[201], 1],
      [undefined, 1],
    ])
  },
)

testOnEachEngine(
  'batchesOf() reads a table with a composite key in the order of the key',
  async (t) => {
    const { reader, write, dialect } = await openMigrated(t)
    const text = sql.raw(t.context.isOnPostgres ? 'text collate "C"' : 'text')
    await write((writer) =>
      sql`create table pairs (b integer, c ${text}, a ${text}, primary key (a, b))`.execute(writer),
    )
    const values = Array.from({ length: 150 }, (_, n) => sql`(${n % 3}, '', ${`é${n}`})`)
    await write((writer) => sql`insert into pairs values ${sql.join(values)}`.execute(writer))
    const tables = await listTables({ db: reader, catalogue: dialect.catalogue })
    const pairs = tables.find(({ name }) => name === 'pairs') as Table // the table created above
    t.strictSame(pairs, {
      name: 'pairs',
      columns: ['b', 'c', 'a'],
      key: ['a', 'b'],
      unbounded: ['c', 'a'],
    })
    const { batches } = await divide(reader, pairs)
    t.strictSame(
      batches.map(([, rows]) => rows),
      [100, 50],
    )
  },
)
