import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import t from 'tap'
import { DatabaseUnavailable } from '../../../../src/storage/engines/failure.ts'
import { findLatest, migrateWithin } from '../../../../src/storage/migrations.ts'
import { openDatabase } from '../../../../src/storage/open-database.ts'
import { describeDatabase } from '../../../../src/storage/transfer/status.ts'
import { openMigrated } from '../../../database.ts'
import { folderOf, lastingUrl, testOnEachEngine } from '../../../engines.ts'
import { damage } from '../../../storage-rows.ts'

testOnEachEngine('status tells engine, schema and rows', async (t) => {
  const url = await lastingUrl(t)
  const database = await openMigrated(t, url)
  const { lines, isSound } = await describeDatabase(url, 1_000)
  t.equal(isSound, true)
  t.match(lines, [
    /^database: (?:sqlite|postgres):/,
    t.context.isOnPostgres ? /^engine: PostgreSQL \d+/ : /^engine: SQLite \d+\.\d+\.\d+$/,
    /^size: \d+ octets$/,
    `schema: ${await findLatest()}`,
    'pending: none',
    'unknown: none',
    ...(t.context.isOnPostgres ? [] : ['integrity: ok']),
  ])
  for (const rows of ['articles: 1', 'users: 3', 'messages: 0']) {
    t.ok(lines.includes(`rows in ${rows}`), rows)
  }

  await database.write((writer) =>
    sql`insert into kysely_migration values ('999-later', '2999')`.execute(writer),
  )
  t.match((await describeDatabase(url, 1_000)).lines, {
    3: 'schema: 999-later',
    5: 'unknown: 999-later',
  })
})

testOnEachEngine('status tells what is pending', async (t) => {
  const url = await lastingUrl(t)
  const database = await openDatabase(url)
  t.teardown(() => database.close())
  const { lines } = await describeDatabase(url, 1_000)
  t.match(lines, { 3: 'schema: none', 4: /^pending: .*001-resources, 002-tutorial, / })

  await database.transactAlone((writer) => migrateWithin(writer, database.dialect, '001-resources'))
  const { lines: later } = await describeDatabase(url, 1_000)
  t.match(later, { 3: 'schema: 001-resources', 4: /^pending: .*002-tutorial, / })
})

t.test('status changes no file, and makes none', async (t) => {
  const file = join(folderOf(t), 'api.db')
  t.strictSame(await describeDatabase(`sqlite:${file}`, 0), {
    lines: [`database: sqlite:${file}`, 'there is no such file: a start of the service makes it'],
    isSound: true,
  })
  t.equal(existsSync(file), false)
  await (await openMigrated(t, `sqlite:${file}`)).close()
  const before = readFileSync(file)
  await describeDatabase(`sqlite:${file}`, 0)
  t.same(readFileSync(file), before)
  t.strictSame(readdirSync(folderOf(t)), ['api.db'])
})

t.test('status tells damage', async (t) => {
  const file = join(folderOf(t), 'api.db')
  await (await openMigrated(t, `sqlite:${file}`)).close()
  damage(file)
  const { lines, isSound } = await describeDatabase(`sqlite:${file}`, 0)
  t.equal(isSound, false)
  t.match(lines, { 6: /^integrity: .*users_by_name/ })
})

t.test('status shows no password, also of a server that does not answer', async (t) => {
  const url = 'postgres://luis:hunter2@127.0.0.1:1/api?sslpassword=hunter3'
  await t.rejects(describeDatabase(url, 1_000), {
    constructor: DatabaseUnavailable,
    message: /^PostgreSQL: connect ECONNREFUSED 127\.0\.0\.1:1$/,
  })
})
