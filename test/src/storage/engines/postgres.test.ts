import { sql } from 'kysely'
import { open, openMigrated } from '../../../database.ts'
import { databaseUrl, TEST_TIMEOUT_MS, testOnPostgres } from '../../../engines.ts'
import { createNoteStore } from '../../../fixtures/resources/notes/store.ts'
import '../../../fixtures/register.ts'

testOnPostgres('each connection has time limits, and does not compile queries', async (t) => {
  const { reader } = await open(t, await databaseUrl(t), { timeoutMs: 30_001 })
  const settings: Record<string, string> = {
    statement_timeout: '30001ms',
    lock_timeout: '15s',
    idle_in_transaction_session_timeout: '30001ms',
    jit: 'off',
  }
  for (const [name, value] of Object.entries(settings)) {
    t.same((await sql.raw(`show ${name}`).execute(reader)).rows, [{ [name]: value }])
  }
})

testOnPostgres(
  'all text columns have the collation C, so that text is sorted by code points on any server',
  async (t) => {
    const { reader } = await openMigrated(t)
    const { rows } = await sql<{ name: string }>`
    select table_name || '.' || column_name as name from information_schema.columns
    where table_schema = current_schema() and table_name not like 'kysely%'
    and data_type = 'text' and collation_name is distinct from 'C'
  `.execute(reader)
    t.same(rows, [])
  },
)

const FIELDS = { title: 'A title', body: '', author: 'Zoë' }

testOnPostgres('assigned ids are above the largest id that a client has chosen', async (t) => {
  const notes = createNoteStore(await openMigrated(t))
  await notes.createAt(500, FIELDS)
  await notes.createAt(7, FIELDS)
  t.match(await notes.create(FIELDS), { note: { id: 501 } })
})

testOnPostgres('ids that clients have chosen are skipped when ids are assigned', async (t) => {
  const { reader, ...database } = await openMigrated(t)
  const notes = createNoteStore({ reader, ...database })
  for (const id of [500, 501]) await notes.createAt(id, FIELDS)
  await sql`select setval('fixture_notes_id_seq', 499)`.execute(reader)
  t.match(await notes.create(FIELDS), { note: { id: 502 } })
})

testOnPostgres(
  'concurrent writes with chosen and assigned ids never use an id twice',
  async (t) => {
    const notes = createNoteStore(await openMigrated(t))
    const chosen = Array.from({ length: 20 }, (_, index) => 124 + 2 * index)
    const created = await Promise.all(
      chosen.flatMap((id) => [notes.createAt(id, FIELDS), notes.create(FIELDS)]),
    )
    const ids = created.flatMap((found) => (found ? [found.note.id] : []))
    t.equal(new Set(ids).size, ids.length, 'no id is used twice')
    t.ok(ids.length >= 20, 'all writes with assigned ids succeed')
  },
)

testOnPostgres('the pool opens at most the maximum number of connections', async (t) => {
  const { reader } = await open(t, await databaseUrl(t), {
    timeoutMs: TEST_TIMEOUT_MS,
    connections: 2,
  })
  const pid = sql<{ pid: number }>`select pg_backend_pid() as pid`
  const pids = await Promise.all(Array.from({ length: 10 }, () => pid.execute(reader)))
  t.equal(new Set(pids.map(({ rows }) => rows[0]?.pid)).size, 2)
})
