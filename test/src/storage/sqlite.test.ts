import { join } from 'node:path'
import t from 'tap'
import { openSqlite } from '../../../src/storage/node-sqlite.ts'

const PRAGMAS = [
  { pragma: 'journal_mode', row: { journal_mode: 'wal' } },
  { pragma: 'synchronous', row: { synchronous: 2 } },
  { pragma: 'foreign_keys', row: { foreign_keys: 1 } },
  { pragma: 'busy_timeout', row: { timeout: 2_000 } },
]

for (const { pragma, row } of PRAGMAS) {
  t.test(`a file is opened with ${JSON.stringify(row)}`, async (t) => {
    const database = openSqlite(join(t.testdir(), 'a.db'))
    t.teardown(() => database.close())
    t.same(database.prepare(`pragma ${pragma}`).all([]), [row])
  })
}

t.test('a row without its parent is refused', async (t) => {
  const database = openSqlite(':memory:')
  t.teardown(() => database.close())
  database.prepare('create table a (id integer primary key)').run([])
  database.prepare('create table b (a integer references a (id))').run([])
  t.throws(() => database.prepare('insert into b values (1)').run([]), {
    message: 'FOREIGN KEY constraint failed',
  })
})

t.test('a statement tells whether it gives rows, and takes values for its marks', async (t) => {
  const database = openSqlite(':memory:')
  t.teardown(() => database.close())
  const create = database.prepare('create table a (id integer primary key, b text)')
  t.equal(create.reader, false)
  create.run([])

  const insert = database.prepare('insert into a (b) values (?), (?)')
  t.equal(insert.reader, false)
  t.match(insert.run(["x'y", null]), { changes: 2, lastInsertRowid: 2 })

  const returning = database.prepare('insert into a (b) values (?) returning id')
  t.equal(returning.reader, true)
  t.same(returning.all(['z']), [{ id: 3 }])

  const select = database.prepare('select b from a where id <= ? order by id')
  t.equal(select.reader, true)
  t.same(select.all([2]), [{ b: "x'y" }, { b: null }])
  t.same([...select.iterate([3])], [{ b: "x'y" }, { b: null }, { b: 'z' }])
})

t.test('a database that was closed takes no more statements', async (t) => {
  const database = openSqlite(':memory:')
  database.close()
  t.throws(() => database.prepare('select 1'), { message: 'database is not open' })
})

t.test('a file that is no database is refused', async (t) => {
  const folder = t.testdir({ 'a.txt': 'this is text and no database' })
  t.throws(() => openSqlite(join(folder, 'a.txt')), { message: 'file is not a database' })
  t.throws(() => openSqlite(folder), { message: 'unable to open database file' })
})
