import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import t from 'tap'
import { StorageError } from '../../../../src/storage/database.ts'
import {
  ConstraintViolation,
  DatabaseUnavailable,
} from '../../../../src/storage/engines/failure.ts'
import { migrate } from '../../../../src/storage/migrations.ts'
import { open } from '../../../database.ts'
import { TEST_TIMEOUT_MS } from '../../../engines.ts'
import { createNoteStore } from '../../../fixtures/resources/notes/store.ts'
import { startPgBouncer } from '../../../pgbouncer-server.ts'
import { startPostgres } from '../../../postgres-server.ts'
import { skipUnless } from '../../../requirement.ts'
import '../../../fixtures/register.ts'

t.test('through PgBouncer', { skip: skipUnless('pgbouncer', 'postgresql') }, async (t) => {
  const server = await startPostgres(t)
  const { url } = await startPgBouncer(t, server.url)
  await migrate(await open(t, url))

  await t.test('stores read and write', async (t) => {
    const notes = createNoteStore(await open(t, url))
    const { id } = (await notes.create({ title: 'A title', body: '', author: 'zoë' })).note
    t.match(await notes.find(id), { note: { author: 'zoë' } })
  })

  await t.test('each transaction has time limits', async (t) => {
    const database = await open(t, url, { timeoutMs: 30_001 })
    const show = sql`select current_setting('statement_timeout') as statement,
      current_setting('lock_timeout') as lock,
      current_setting('idle_in_transaction_session_timeout') as idle,
      current_setting('jit') as jit`
    const limits = [{ statement: '30001ms', lock: '15s', idle: '30001ms', jit: 'off' }]
    t.same((await show.execute(database.reader)).rows, limits, 'a single statement')
    await database.transact(async (writer) => {
      t.same((await show.execute(writer)).rows, limits, 'a transaction')
    })
    await database.transactAlone(async (writer) => {
      t.match((await show.execute(writer)).rows, [{ statement: '0', idle: '0' }], 'a migration')
    })
  })

  await t.test('no setting stays in a session of the server', async (t) => {
    const database = await open(t, url)
    await sql`select 1`.execute(database.reader)
    await database.transact((writer) => sql`select 1`.execute(writer))
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    t.teardown(() => client.end())
    const { rows } = await client.query('show statement_timeout')
    t.same(rows, [{ statement_timeout: '0' }])
  })

  await t.test('a connection can be used after a failed statement', async (t) => {
    const { reader, write, ...database } = await open(t, url, {
      timeoutMs: TEST_TIMEOUT_MS,
      connections: 1,
    })
    await t.rejects(sql`select * from nowhere`.execute(reader), { code: '42P01' })
    const row = { id: 123, title: 'zoë' }
    await t.rejects(
      write((writer) => writer.insertInto('fixture_notes').values(row).execute()),
      { constructor: ConstraintViolation, message: /fixture_notes_pkey/ },
    )
    t.match(await createNoteStore({ ...database, reader, write }).find(123), {
      note: { title: 'A title' },
    })
  })

  await t.test('the server cancels a slow query', async (t) => {
    const { reader } = await open(t, url, { timeoutMs: 1_000 })
    await t.rejects(sql`select pg_sleep(60)`.execute(reader), {
      constructor: DatabaseUnavailable,
      message: /timeout/,
    })
    const direct = await open(t, server.url)
    const running = sql`select 1 from pg_stat_activity
      where query like 'select pg_sleep%' and state = 'active'`
    while ((await running.execute(direct.reader)).rows.length > 0) await delay(5)
    t.same((await sql`select 1 as one`.execute(reader)).rows, [{ one: 1 }])
  })

  await t.test('a pooler that cannot be used is one clear line at the start', async (t) => {
    const { url: statementUrl } = await startPgBouncer(t, server.url, 'statement')
    const withOptions = new URL(url)
    withOptions.searchParams.set('options', '-c search_path=api')
    const missing = new URL(url)
    missing.pathname = 'nowhere'
    const faults = [
      [statementUrl, /: transaction blocks not allowed in statement pooling mode$/],
      [withOptions.href, /: unsupported startup parameter: options: set it for the role instead/],
      [missing.href, /database "nowhere" does not exist/],
    ] as const
    for (const [url, reason] of faults) {
      const refusal = migrate(await open(t, url))
      await t.rejects(refusal, { constructor: StorageError, message: reason })
      await t.rejects(refusal, { message: /^cannot migrate the database: PostgreSQL: [^\n]+$/ })
    }
  })
})
