import { sql } from 'kysely'
import t from 'tap'
import { DatabaseFull, DatabaseUnavailable } from '../../../src/storage/engines/failure.ts'
import { AUTHORIZATION, build, buildWith, createLog, expectReply } from '../../app.ts'
import { open } from '../../database.ts'
import { databaseUrl, testOnPostgres } from '../../engines.ts'
import '../../fixtures/register.ts'

const CAUSE = 'connecting to db with hunter2 failed'

const FAILURES = [
  {
    failure: new DatabaseUnavailable(CAUSE, { cause: new Error('the cause') }),
    status: 503,
    title: 'Service Unavailable',
    retryAfter: '1',
  },
  {
    failure: new DatabaseFull(CAUSE, { cause: new Error('the cause') }),
    status: 507,
    title: 'Insufficient Storage',
    retryAfter: undefined,
  },
]

for (const { failure, status, title, retryAfter } of FAILURES) {
  t.test(`a ${failure.constructor.name} causes a ${status} and is logged`, async (t) => {
    const log = createLog()
    const app = await buildWith(
      t,
      async (app) => {
        app.get('/fails', async () => {
          throw failure
        })
      },
      {},
      { logDestination: log },
    )
    const documents: Record<string, object> = {
      'application/json': { status, message: title },
      'application/problem+json': { type: 'about:blank', title, status, message: title },
    }
    for (const [accept, body] of Object.entries(documents)) {
      const expected = { status, headers: { 'retry-after': retryAfter }, body }
      const reply = await expectReply(t, app, { url: '/fails', headers: { accept } }, expected)
      t.match(reply.headers['content-type'], accept)
      t.notMatch(JSON.stringify(reply.headers) + reply.body, /hunter2|the cause/)
    }
    const failed = log.lines.filter(({ msg }) => msg === 'request failed')
    t.match(failed, [
      { level: 'error', err: { message: CAUSE, stack: /\n/, cause: { message: 'the cause' } } },
      { level: 'error', err: { message: CAUSE, stack: undefined, cause: undefined } },
    ])
    t.equal(failed.length, 2, 'each error is logged once')
  })
}

testOnPostgres('a locked database causes a 503 after DATABASE_TIMEOUT', async (t) => {
  const DATABASE_URL = await databaseUrl(t)
  const patient = await build(t, { DATABASE_URL })
  const hasty = await build(t, { DATABASE_URL, DATABASE_TIMEOUT: '1000' })
  const other = await open(t, DATABASE_URL)
  const request = {
    method: 'DELETE',
    url: '/notes/123',
    headers: { authorization: AUTHORIZATION, 'if-match': '*' },
  } as const
  const statuses: number[] = []
  const patiently = await other.transact(async (transaction) => {
    await sql`select * from fixture_notes for update`.execute(transaction)
    const answer = patient.inject(request).then(({ statusCode }) => statuses.push(statusCode))
    // If `patient` had the time limit of `hasty`, the request to `patient` would end before the second attempt.
    for (let attempt = 0; attempt < 2; attempt++) {
      await expectReply(t, hasty, request, { status: 503, headers: { 'retry-after': '1' } })
      statuses.push(503)
    }
    return { answer }
  })
  await patiently.answer
  t.same(statuses, [503, 503, 204], 'the app with the longer time limit succeeds')
})

testOnPostgres('the service opens at most DATABASE_CONNECTIONS connections', async (t) => {
  const DATABASE_URL = `${await databaseUrl(t)}&application_name=counted`
  const app = await build(t, { DATABASE_URL, DATABASE_CONNECTIONS: '2' })
  // More reads than two connections take at once.
  await Promise.all(Array.from({ length: 40 }, () => app.inject('/notes/1')))
  const { reader } = await open(t, DATABASE_URL.replace('counted', 'counting'))
  const connections = sql`select 1 from pg_stat_activity where application_name = 'counted'`
  t.equal((await connections.execute(reader)).rows.length, 2)
})
