import { createVersionedRows } from '../../../src/storage/versioned-rows.ts'
import { openMigrated } from '../../database.ts'
import { testOnEachEngine } from '../../engines.ts'

testOnEachEngine('reads the named columns only', async (t) => {
  const session = await openMigrated(t)
  const rows = createVersionedRows(
    { table: 'articles', columns: ['author'], read: (row) => ({ row }) },
    session,
  )
  t.strictSame(await rows.find(123), { row: { author: 'Luis Rei' }, version: '1' })
  t.equal(await rows.find(9), undefined)
})

testOnEachEngine('writes rows of its own table only', async (t) => {
  const session = await openMigrated(t)
  const rows = createVersionedRows(
    { table: 'people', columns: ['id', 'name'], read: (row) => row },
    session,
  )
  const created = await rows.createAt(123, { name: 'zoe' })
  t.match(created, { id: 123, name: 'zoe', version: /^1\.[0-9a-f]{16}$/ })
  t.equal(await rows.delete(123, created?.version ?? ''), true)
  t.equal((await session.reader.selectFrom('articles').select('id').execute()).length, 1)
})

testOnEachEngine('create retries if its id is taken meanwhile', async (t) => {
  const session = await openMigrated(t)
  const rows = createVersionedRows(
    { table: 'people', columns: ['id'], read: (row) => row },
    {
      ...session,
      // The first insert finds the id taken.
      write: async (work) => (attempts++ === 0 ? (undefined as never) : session.write(work)),
    },
  )
  let attempts = 0
  t.match(await rows.create({ name: 'zoe' }), { id: 4 })
  t.equal(attempts, 2)
})
