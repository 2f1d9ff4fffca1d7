import { type Kysely, sql } from 'kysely'
import type { Table } from '../../../../src/storage/engines/catalogue.ts'
import type { Schema } from '../../../../src/storage/schema.ts'
import { type Portion, portionsOf, readPortion } from '../../../../src/storage/transfer/portions.ts'
import { listData } from '../../../../src/storage/transfer/tables.ts'
import { openMigrated } from '../../../database.ts'
import { testOnEachEngine } from '../../../engines.ts'

/** The ends of a table's portions, and how many rows each has. */
async function divide(db: Kysely<Schema>, table: Table) {
  const portions: [end: unknown, rows: number][] = []
  const seen: Portion[] = []
  for await (const portion of portionsOf(db, table)) {
    seen.push(portion)
    portions.push([portion.upTo, (await readPortion(db, table, portion)).length])
  }
  return { portions, seen }
}

testOnEachEngine('a table is divided by rows, and by the octets in them', async (t) => {
  const { reader, write, dialect } = await openMigrated(t)
  const tables = await listData({ db: reader, catalogue: dialect.catalogue })
  const messages = tables.find(({ name }) => name === 'messages') as Table // see catalogue.test.ts
  t.strictSame((await divide(reader, messages)).portions, [[undefined, 0]], 'one at least')

  const row = { media_type: 'a/b', file_name: null, size: 1, sha256: '', created_at: '' }
  const small = Array.from({ length: 101 }, (_, id) => ({ id, ...row, bytes: Buffer.from('a') }))
  await write((writer) => writer.insertInto('messages').values(small).execute())
  const { portions, seen } = await divide(reader, messages)
  t.strictSame(portions, [
    [[99], 100],
    [undefined, 1],
  ])
  t.strictSame(seen, [{ upTo: [99] }, { after: [99] }])

  const long = [200, 201, 202].map((id) => ({ id, ...row, bytes: Buffer.alloc(5 * 2 ** 20) }))
  await write((writer) => writer.insertInto('messages').values(long).execute())
  t.strictSame((await divide(reader, messages)).portions, [
    [[99], 100],
    [[100], 1],
    [[200], 1],
    [[201], 1],
    [undefined, 1],
  ])
})

testOnEachEngine('a table with several columns in its key is read in their order', async (t) => {
  const { reader, write, dialect } = await openMigrated(t)
  const text = sql.raw(t.context.isOnPostgres ? 'text collate "C"' : 'text')
  await write((writer) =>
    sql`create table pairs (b integer, c ${text}, a ${text}, primary key (a, b))`.execute(writer),
  )
  const values = Array.from({ length: 150 }, (_, n) => sql`(${n % 3}, '', ${`é${n}`})`)
  await write((writer) => sql`insert into pairs values ${sql.join(values)}`.execute(writer))
  const tables = await listData({ db: reader, catalogue: dialect.catalogue })
  const pairs = tables.find(({ name }) => name === 'pairs') as Table // made above
  t.strictSame(pairs, {
    name: 'pairs',
    columns: ['b', 'c', 'a'],
    key: ['a', 'b'],
    sized: ['c', 'a'],
  })
  const { portions } = await divide(reader, pairs)
  t.strictSame(
    portions.map(([, rows]) => rows),
    [100, 50],
  )
})
