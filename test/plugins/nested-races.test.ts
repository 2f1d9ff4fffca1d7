import { setTimeout as delay } from 'node:timers/promises'
import type { InjectOptions } from 'fastify'
import { type Kysely, sql } from 'kysely'
import type { Test } from 'tap'
import { RESOURCES } from '../../src/resources.ts'
import { inTransaction, type Session } from '../../src/storage/database.ts'
import type { Schema } from '../../src/storage/schema.ts'
import { build, write } from '../app.ts'
import { openMigrated } from '../database.ts'
import { databaseUrl, testOnEachEngine, testOnPostgres } from '../engines.ts'
import { NESTED } from '../fixtures/folder.ts'
import { createTaskStore } from '../fixtures/nested/fixture-tasks/store.ts'
import '../fixtures/register.ts'

RESOURCES.push(NESTED)

const TASK = { title: 'Paint', status: 'open' } as const
const ANY = { 'if-match': '*' }

/** Number of boards that are deleted while tasks are added to them. */
const RACES = 20

testOnEachEngine('no task is left without its board if both are written at once', async (t) => {
  const app = await build(t)
  for (let id = 1; id <= RACES; id++) {
    await app.inject(write('POST', '/fixture-boards', {}, { name: 'A board' }))
    const [created, put, deleted] = await Promise.all([
      app.inject(write('POST', `/fixture-boards/${id}/tasks`, {}, TASK)),
      app.inject(write('PUT', `/fixture-boards/${id}/tasks/${1_000_000 - id}`, {}, TASK)),
      app.inject(write('DELETE', `/fixture-boards/${id}`, ANY)),
    ])
    const isDeleted = deleted?.statusCode === 204
    for (const reply of [created, put]) t.equal(reply?.statusCode, isDeleted ? 404 : 201)
    t.equal(deleted?.statusCode, isDeleted ? 204 : 409)
  }
})

testOnEachEngine('no comment is left without its task if both are written at once', async (t) => {
  const app = await build(t)
  await app.inject(write('POST', '/fixture-boards', {}, { name: 'A board' }))
  for (let id = 1; id <= RACES; id++) {
    await app.inject(write('POST', '/fixture-boards/1/tasks', {}, TASK))
    const [created, deleted] = await Promise.all([
      app.inject(write('POST', `/fixture-boards/1/tasks/${id}/comments`, {}, { text: 'Red' })),
      app.inject(write('DELETE', `/fixture-boards/1/tasks/${id}`, ANY)),
    ])
    t.ok([201, 404].includes(created.statusCode), `created: ${created.statusCode}`)
    t.equal(deleted.statusCode, 204)
  }
  const left = await app.store(
    ({ reader }) =>
      () =>
        reader.selectFrom('fixture_comments').selectAll().execute(),
  )()
  t.same(left, [])
})

/**
 * Sends a request while another connection has written the board 1 in a transaction, and commits the transaction when
 * the request waits for it. Returns the status of the response.
 */
async function sendDuring(
  t: Test,
  request: InjectOptions,
  writeOther: (session: Session) => Promise<unknown>,
): Promise<number> {
  const url = await databaseUrl(t)
  const app = await build(t, { DATABASE_URL: url })
  await app.inject(write('POST', '/fixture-boards', {}, { name: 'A board' }))
  const other = await openMigrated(t, url)
  const { sent } = await other.reader.transaction().execute(async (transaction) => {
    await writeOther(inTransaction(other, transaction))
    const sent = app.inject(request)
    await isWaiting(transaction)
    return { sent } // within an object, because the transaction would await a promise
  })
  return (await sent).statusCode
}

/** Waits until a connection to the database waits for a lock. */
async function isWaiting(db: Kysely<Schema>) {
  const waiting = sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  while ((await waiting.execute(db)).rows.length === 0) await delay(5)
}

const deleteBoard = (session: Session) =>
  session.write((writer) => writer.deleteFrom('fixture_boards').where('id', '=', 1).execute())

testOnPostgres('a task of a board that is being deleted gets 404', async (t) => {
  const post = write('POST', '/fixture-boards/1/tasks', {}, TASK)
  t.equal(await sendDuring(t, post, deleteBoard), 404)
  const keyed = write('POST', '/fixture-boards/1/tasks', { 'idempotency-key': 'a' }, TASK)
  t.equal(await sendDuring(t, keyed, deleteBoard), 404)
  const put = write('PUT', '/fixture-boards/1/tasks/7', {}, TASK)
  t.equal(await sendDuring(t, put, deleteBoard), 404)
})

testOnPostgres('a board to which a task is being added cannot be deleted', async (t) => {
  const deletion = write('DELETE', '/fixture-boards/1', ANY)
  const addTask = (session: Session) => createTaskStore(session).create(1, TASK)
  t.equal(await sendDuring(t, deletion, addTask), 409)
})

testOnPostgres('a task whose id another board takes at the same time gets 404', async (t) => {
  const put = write('PUT', '/fixture-boards/1/tasks/7', {}, TASK)
  const addTask = async (session: Session) => {
    const values = { name: 'Another', revision_nonce: 'a' }
    await session.write((writer) => writer.insertInto('fixture_boards').values(values).execute())
    await createTaskStore(session).createAt({ boardId: 2, taskId: 7 }, TASK)
  }
  t.equal(await sendDuring(t, put, addTask), 404)
})
