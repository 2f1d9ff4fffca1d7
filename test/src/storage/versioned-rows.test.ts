import type { Session } from '../../../src/storage/database.ts'
import { createVersionedRows } from '../../../src/storage/versioned-rows.ts'
import { openMigrated } from '../../database.ts'
import { testOnEachEngine } from '../../engines.ts'
import '../../fixtures/register.ts'

testOnEachEngine('find() reads only the given columns', async (t) => {
  const session = await openMigrated(t)
  const rows = createVersionedRows(
    { table: 'fixture_notes', columns: ['author'], read: (row) => ({ row }) },
    session,
  )
  t.strictSame(await rows.find(123), { row: { author: 'An author' }, version: '1' })
  t.equal(await rows.find(9), undefined)
})

testOnEachEngine('createAt() and delete() write only to the given table', async (t) => {
  const session = await openMigrated(t)
  const rows = createVersionedRows(
    { table: 'fixture_notes', columns: ['id', 'title'], read: (row) => row },
    session,
  )
  const file = { id: 9, media_type: 'a/b', bytes: Buffer.from('a') }
  await session.write((writer) => writer.insertInto('fixture_files').values(file).execute())
  const created = await rows.createAt(9, { title: 'zoe' })
  t.match(created, { id: 9, title: 'zoe', version: /^1\.[0-9a-f]{16}$/ })
  t.equal(await rows.delete(9, created?.version ?? ''), true)
  t.equal((await session.reader.selectFrom('fixture_files').select('id').execute()).length, 1)
})

testOnEachEngine('create() retries if another row gets the assigned id first', async (t) => {
  const session = await openMigrated(t)
  const rows = createVersionedRows(
    { table: 'fixture_notes', columns: ['id'], read: (row) => row },
    {
      ...session,
      // The first insert behaves as if the id existed.
      write: async (work) => (attempts++ === 0 ? (undefined as never) : session.write(work)),
    },
  )
  let attempts = 0
  t.match(await rows.create({ title: 'zoe' }), { id: 124 })
  t.equal(attempts, 2)
})

testOnEachEngine('create() fails if the database inserts no row', async (t) => {
  const session = await openMigrated(t)
  const rows = createVersionedRows(
    { table: 'fixture_notes', columns: ['id'], read: (row) => row },
    { ...session, write: async () => undefined as never },
  )
  await t.rejects(rows.create({ title: 'zoe' }), {
    message: /^no row was inserted into fixture_notes: call dialect\.countChosenIds/,
  })
})

testOnEachEngine('a violated constraint has the declared members', async (t) => {
  const session = await openMigrated(t)
  const members = { title: 'heading' }
  const rows = createVersionedRows(
    { table: 'fixture_notes', columns: ['id'], members, read: (row) => row },
    session,
  )
  const title = null as never
  for (const write of [
    () => rows.create({ title }),
    () => rows.createAt(9, { title }),
    () => rows.replace(123, '1', { title }),
  ]) {
    const violation = await write().catch((error) => error)
    t.match(violation, { constraint: 'not null', columns: ['title'], members })
  }
  const failing: Session = { ...session, write: async () => Promise.reject(new Error('no table')) }
  const others = createVersionedRows(
    { table: 'fixture_notes', columns: ['id'], members, read: (row) => row },
    failing,
  )
  await t.rejects(others.create({ title }), { message: 'no table' })
})
