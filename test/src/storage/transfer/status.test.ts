import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import t from 'tap'
import { DatabaseUnavailable } from '../../../../src/storage/engines/failure.ts'
import { applyMigrations } from '../../../../src/storage/migrations.ts'
import { openDatabase } from '../../../../src/storage/open-database.ts'
import { describeDatabase } from '../../../../src/storage/transfer/status.ts'
import {
  INSERT_LATER_MIGRATION,
  INSERT_REMOVED_MIGRATION,
  openMigrated,
} from '../../../database.ts'
import { folderOf, lastingUrl, testOnEachEngine } from '../../../engines.ts'
import { damage } from '../../../storage-rows.ts'
import '../../../fixtures/register.ts'

testOnEachEngine('the status describes engine, migrations and rows', async (t) => {
  const url = await lastingUrl(t)
  const database = await openMigrated(t, url)
  const { lines, isSound } = await describeDatabase(url, 1_000)
  t.equal(isSound, true)
  t.match(lines, [
    /^database: (?:sqlite|postgres):/,
    t.context.isOnPostgres ? /^engine: PostgreSQL \d+/ : /^engine: SQLite \d+\.\d+\.\d+$/,
    /^size: \d+ bytes$/,
    /^last migration: \d{8}T\d{4}-[\w-]+$/,
    'pending migrations: none',
    'unknown migrations: none',
    'edited migrations: none',
    ...(t.context.isOnPostgres ? [] : ['integrity: ok']),
  ])
  for (const rows of ['fixture_notes: 1', 'fixture_files: 0']) {
    t.ok(lines.includes(`rows in ${rows}`), rows)
  }

  for (const statement of [
    INSERT_REMOVED_MIGRATION,
    INSERT_LATER_MIGRATION,
    "update schema_migrations set digest = '' where name = '20261122T1200-notes'",
  ]) {
    await database.write((writer) => sql.raw(statement).execute(writer))
  }
  t.match((await describeDatabase(url, 1_000)).lines, {
    3: 'last migration: 29990101T0000-later',
    5: 'unknown migrations: 20200101T0000-pets (accepted: needs 0.0.1), 29990101T0000-later (refused: needs 999.0.0)',
    6: 'edited migrations: 20261122T1200-notes',
  })
})

testOnEachEngine('the status lists pending migrations', async (t) => {
  const url = await lastingUrl(t)
  const database = await openDatabase(url)
  t.teardown(() => database.close())
  const { lines } = await describeDatabase(url, 1_000)
  t.match(lines, {
    3: 'last migration: none',
    4: /^pending migrations: .*20261122T1200-files, .*20261122T1200-notes/,
  })

  const first = ['20261122T1200-notes']
  await database.transactAlone((writer) => applyMigrations(writer, database.dialect, first))
  const { lines: later } = await describeDatabase(url, 1_000)
  t.match(later, {
    3: 'last migration: 20261122T1200-notes',
    4: /^pending migrations: (?!.*-notes).*20261122T1200-idempotency-keys/,
  })
})

t.test('the status command neither changes nor creates a file', async (t) => {
  const file = join(folderOf(t), 'api.db')
  t.strictSame(await describeDatabase(`sqlite:${file}`, 0), {
    lines: [`database: sqlite:${file}`, 'the file does not exist: the service creates it at start'],
    isSound: true,
  })
  t.equal(existsSync(file), false)
  await (await openMigrated(t, `sqlite:${file}`)).close()
  const before = readFileSync(file)
  await describeDatabase(`sqlite:${file}`, 0)
  t.same(readFileSync(file), before)
  t.strictSame(readdirSync(folderOf(t)), ['api.db'])
})

t.test('the status reports damage', async (t) => {
  const file = join(folderOf(t), 'api.db')
  await (await openMigrated(t, `sqlite:${file}`)).close()
  damage(file)
  const { lines, isSound } = await describeDatabase(`sqlite:${file}`, 0)
  t.equal(isSound, false)
  t.match(lines, { 7: /^integrity: .*notes_by_title/ })
})

t.test('the status shows no password, even if the server does not respond', async (t) => {
  const url = 'postgres://luis:hunter2@127.0.0.1:1/api?sslpassword=hunter3'
  await t.rejects(describeDatabase(url, 1_000), {
    constructor: DatabaseUnavailable,
    message: /^PostgreSQL: connect ECONNREFUSED 127\.0\.0\.1:1$/,
  })
})
