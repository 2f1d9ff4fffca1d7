import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { type Database, openDatabase } from '../../../src/storage/database.ts'
import { migrate } from '../../../src/storage/migrations.ts'

/** How long a write waits, in milliseconds. */
const TIMEOUT = 1_000

function add({ write }: Database, name: string) {
  return write((writer) => writer.insertInto('users').values({ name }).execute())
}

t.test('who comes later to a locked file waits as long, from when it came', async (t) => {
  const file = join(t.testdir(), 'api.db')
  const database = await openDatabase(`sqlite:${file}`, { timeout: TIMEOUT })
  t.teardown(() => database.close())
  await migrate(database)
  const other = new DatabaseSync(file)
  t.teardown(() => other.close())

  other.exec('begin immediate')
  const first = add(database, 'first')
  await delay(TIMEOUT / 2)
  const second = add(database, 'second')
  await t.rejects(first, { message: 'SQLite: database is locked' })
  other.exec('commit')
  await second
  const rows = other.prepare('select name from users where id > 3').all()
  t.same(rows, [{ name: 'second' }], 'it was not refused with the first')
})
