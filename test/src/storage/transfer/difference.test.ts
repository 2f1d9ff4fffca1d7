import { sql } from 'kysely'
import type { Database } from '../../../../src/storage/database.ts'
import { findDifference } from '../../../../src/storage/transfer/difference.ts'
import { listTables } from '../../../../src/storage/transfer/tables.ts'
import { open } from '../../../database.ts'
import { databaseUrl, testOnEachEngine } from '../../../engines.ts'

/** Ids of the rows. There are more rows than fit in a batch. */
const IDS = Array.from({ length: 230 }, (_, index) => 2 * index + 2)

const CASES: { title: string; statement: string; difference: string | undefined }[] = [
  { title: 'nothing', statement: 'update items set size = size', difference: undefined },
  {
    title: 'another byte',
    statement: "update items set bytes = cast('aB' as TYPE) where id = 2",
    difference: 'items: id 2 differs in bytes',
  },
  {
    title: 'one more byte, and another number',
    statement: "update items set size = 3, bytes = cast('abc' as TYPE) where id = 460",
    difference: 'items: id 460 differs in size, bytes',
  },
  {
    title: 'null instead of empty text',
    statement: 'update items set name = null where id = 202',
    difference: 'items: id 202 differs in name',
  },
  {
    title: 'a missing first row',
    statement: 'delete from items where id = 2',
    difference: 'items: the source has id 2 next, the target id 4',
  },
  {
    title: 'a missing last row',
    statement: 'delete from items where id = 460',
    difference: 'items: the source has id 460 next, the target no row',
  },
  {
    title: 'no row',
    statement: 'delete from items',
    difference: 'items: the source has id 2 next, the target no row',
  },
  {
    title: 'an additional row before the first',
    statement: 'update items set id = 1 where id = 2',
    difference: 'items: the source has id 2 next, the target id 1',
  },
  {
    title: 'an additional row between two',
    statement: copyOf(201),
    difference: 'items: the source has id 202 next, the target id 201',
  },
  {
    title: 'an additional row at the end',
    statement: copyOf(461),
    difference: 'items: the source has no row next, the target id 461',
  },
]

function copyOf(id: number): string {
  const rest = 'size, name, bytes'
  return `insert into items (id, ${rest}) select ${id}, ${rest} from items where id = 2`
}

async function createTable({ write, dialect }: Database) {
  await write((writer) =>
    writer.schema
      .createTable('items')
      .addColumn('id', dialect.integer, dialect.autoIncrement)
      .addColumn('size', dialect.integer)
      .addColumn('name', dialect.text)
      .addColumn('bytes', dialect.bytes)
      .execute(),
  )
}

async function fill({ write }: Database) {
  const rows = IDS.map((id) => sql`(${id}, 2, '', ${Buffer.from('ab')})`)
  await write((writer) => sql`insert into items values ${sql.join(rows)}`.execute(writer))
}

testOnEachEngine('findDifference() describes the first row that differs', async (t) => {
  const [source, target] = [
    await open(t, await databaseUrl(t)),
    await open(t, await databaseUrl(t)),
  ]
  await Promise.all([source, target].map(createTable))
  await fill(source)
  const { catalogue } = source.dialect
  const tables = await listTables({ db: source.reader, catalogue })
  const items = tables.filter(({ name }) => name === 'items')
  for (const { title, statement, difference } of CASES) {
    await target.write((writer) => sql`delete from items`.execute(writer))
    await fill(target)
    const type = t.context.isOnPostgres ? 'bytea' : 'blob'
    await target.write((writer) => sql.raw(statement.replace('TYPE', type)).execute(writer))
    for (const table of items) {
      t.equal(await findDifference(source.reader, target.reader, table), difference, title)
    }
  }
  t.equal(items.length, 1)
})
