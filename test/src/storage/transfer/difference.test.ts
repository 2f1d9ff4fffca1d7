import { sql } from 'kysely'
import type { Database } from '../../../../src/storage/database.ts'
import { findDifference } from '../../../../src/storage/transfer/difference.ts'
import { listTables } from '../../../../src/storage/transfer/tables.ts'
import { openMigrated } from '../../../database.ts'
import { testOnEachEngine } from '../../../engines.ts'

/** More rows than a batch has. */
const IDS = Array.from({ length: 230 }, (_, index) => 2 * index + 2)

const CASES: { title: string; statement: string; difference: string | undefined }[] = [
  { title: 'nothing', statement: 'update messages set size = size', difference: undefined },
  {
    title: 'another byte',
    statement: "update messages set bytes = cast('aB' as TYPE) where id = 2",
    difference: 'messages: id 2 differs in bytes',
  },
  {
    title: 'one more byte, and another number',
    statement: "update messages set size = 3, bytes = cast('abc' as TYPE) where id = 460",
    difference: 'messages: id 460 differs in size, bytes',
  },
  {
    title: 'null instead of empty text',
    statement: 'update messages set file_name = null where id = 202',
    difference: 'messages: id 202 differs in file_name',
  },
  {
    title: 'a missing first row',
    statement: 'delete from messages where id = 2',
    difference: 'messages: the source has id 2 next, the target id 4',
  },
  {
    title: 'a missing last row',
    statement: 'delete from messages where id = 460',
    difference: 'messages: the source has id 460 next, the target no row',
  },
  {
    title: 'no row',
    statement: 'delete from messages',
    difference: 'messages: the source has id 2 next, the target no row',
  },
  {
    title: 'an additional row before the first',
    statement: 'update messages set id = 1 where id = 2',
    difference: 'messages: the source has id 2 next, the target id 1',
  },
  {
    title: 'an additional row between two',
    statement: copyOf(201),
    difference: 'messages: the source has id 202 next, the target id 201',
  },
  {
    title: 'an additional row at the end',
    statement: copyOf(461),
    difference: 'messages: the source has no row next, the target id 461',
  },
]

function copyOf(id: number): string {
  const rest = 'media_type, file_name, size, sha256, bytes, created_at'
  return `insert into messages (id, ${rest}) select ${id}, ${rest} from messages where id = 2`
}

async function fill(database: Database) {
  const message = { media_type: 'a/b', file_name: '', size: 2, sha256: '', created_at: '' }
  await database.write((writer) =>
    writer
      .insertInto('messages')
      .values(IDS.map((id) => ({ id, ...message, bytes: Buffer.from('ab') })))
      .execute(),
  )
}

testOnEachEngine('findDifference describes the first row that differs', async (t) => {
  const [source, target] = [await openMigrated(t), await openMigrated(t)]
  await fill(source)
  const { catalogue } = source.dialect
  const tables = await listTables({ db: source.reader, catalogue })
  const messages = tables.filter(({ name }) => name === 'messages')
  for (const { title, statement, difference } of CASES) {
    await target.write((writer) => writer.deleteFrom('messages').execute())
    await fill(target)
    const type = t.context.isOnPostgres ? 'bytea' : 'blob'
    await target.write((writer) => sql.raw(statement.replace('TYPE', type)).execute(writer))
    for (const table of messages) {
      t.equal(await findDifference(source.reader, target.reader, table), difference, title)
    }
  }
  t.equal(messages.length, 1)
})
