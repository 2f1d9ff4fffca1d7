import { sql } from 'kysely'
import type { Database } from '../../../../src/storage/database.ts'
import { findDifference } from '../../../../src/storage/transfer/difference.ts'
import { listData } from '../../../../src/storage/transfer/tables.ts'
import { openMigrated } from '../../../database.ts'
import { testOnEachEngine } from '../../../engines.ts'

/** More rows than are read at once. */
const IDS = Array.from({ length: 230 }, (_, index) => 2 * index + 2)

const CASES: { title: string; statement: string; difference: string | undefined }[] = [
  { title: 'nothing', statement: 'update messages set size = size', difference: undefined },
  {
    title: 'another octet',
    statement: "update messages set bytes = cast('aB' as TYPE) where id = 2",
    difference: 'messages: id 2 differs in bytes',
  },
  {
    title: 'an octet more, and another number',
    statement: "update messages set size = 3, bytes = cast('abc' as TYPE) where id = 460",
    difference: 'messages: id 460 differs in size, bytes',
  },
  {
    title: 'no text in place of empty text',
    statement: 'update messages set file_name = null where id = 202',
    difference: 'messages: id 202 differs in file_name',
  },
  {
    title: 'no first row',
    statement: 'delete from messages where id = 2',
    difference: 'messages: the source goes on with id 2, the target with id 4',
  },
  {
    title: 'no last row',
    statement: 'delete from messages where id = 460',
    difference: 'messages: the source goes on with id 460, the target with no row',
  },
  {
    title: 'no row',
    statement: 'delete from messages',
    difference: 'messages: the source goes on with id 2, the target with no row',
  },
  {
    title: 'a row more before the first',
    statement: 'update messages set id = 1 where id = 2',
    difference: 'messages: the source goes on with id 2, the target with id 1',
  },
  {
    title: 'a row more between two',
    statement: copyOf(201),
    difference: 'messages: the source goes on with id 202, the target with id 201',
  },
  {
    title: 'a row more at the end',
    statement: copyOf(461),
    difference: 'messages: the source goes on with no row, the target with id 461',
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

testOnEachEngine('findDifference tells the first row that differs', async (t) => {
  const [source, target] = [await openMigrated(t), await openMigrated(t)]
  await fill(source)
  const { catalogue } = source.dialect
  const tables = await listData({ db: source.reader, catalogue })
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
