import { createVersionedRows } from '../../../src/storage/versioned-rows.ts'
import { openMigrated } from '../../database.ts'
import { testOnEachEngine } from '../../engines.ts'

testOnEachEngine('rows are read by their columns, and nothing else is', async (t) => {
  const access = await openMigrated(t)
  const rows = createVersionedRows(
    { table: 'articles', columns: ['author'], read: (row) => ({ row }) },
    access,
  )
  t.strictSame(await rows.find(123), { row: { author: 'Luis Rei' }, version: '1' })
  t.equal(await rows.find(9), undefined)
})

testOnEachEngine('of a table, the rows of that table alone are written', async (t) => {
  const access = await openMigrated(t)
  const users = createVersionedRows(
    { table: 'users', columns: ['id', 'name'], read: (row) => row },
    access,
  )
  const created = await users.createAt(123, { name: 'zoe' })
  t.match(created, { id: 123, name: 'zoe', version: /^1\.[0-9a-f]{16}$/ })
  t.equal(await users.delete(123, created?.version ?? ''), true)
  t.equal((await access.reader.selectFrom('articles').select('id').execute()).length, 1)
})

testOnEachEngine('a new id that is taken by then is counted again', async (t) => {
  const access = await openMigrated(t)
  const rows = createVersionedRows(
    { table: 'users', columns: ['id'], read: (row) => row },
    {
      ...access,
      // the first time, someone else is there before
      write: async (work) => (attempts++ === 0 ? (undefined as never) : access.write(work)),
    },
  )
  let attempts = 0
  t.match(await rows.create({ name: 'zoe' }), { id: 4 })
  t.equal(attempts, 2)
})
