import { spawn } from 'node:child_process'
import { sql } from 'kysely'
import t from 'tap'
import { buildApp } from '../../src/app.ts'
import { parseConfig } from '../../src/config.ts'
import { StorageError } from '../../src/storage/database.ts'
import { migrate, waitForMigrations } from '../../src/storage/migrations.ts'
import { createLog, expectReply, type Log } from '../app.ts'
import {
  INSERT_LATER_MIGRATION,
  INSERT_REMOVED_MIGRATION,
  LATER_VERSION_NEEDED,
  open,
  openMigrated,
} from '../database.ts'
import { lastingUrl, testOnEachEngine } from '../engines.ts'
import { FIXTURES } from '../fixtures/register.ts'
import { freePort } from '../free-port.ts'
import { endProgram, waitForLine } from '../program.ts'
import { FAST_START, START } from '../server.ts'

t.setTimeout(180_000) // starts several processes, and the machine may be busy

const WAITS = 'the start waits for the database'
const ACCEPTED = 'the database has migrations that this version lacks, and that allow it to run'

/** Log with a promise of its first line. */
function watchLog(): Log & { begins: Promise<void> } {
  const log = createLog()
  const { promise: begins, resolve } = Promise.withResolvers<void>()
  const write = (line: string) => {
    log.write(line)
    resolve()
  }
  return { ...log, write, begins }
}

function build(DATABASE_URL: string, MIGRATE: string, logDestination = createLog()) {
  const config = parseConfig({ DATABASE_URL, MIGRATE, DATABASE_TIMEOUT: '20000' })
  return buildApp(config, { logDestination })
}

testOnEachEngine(
  'the start on a newer schema that allows this version is one line in the log',
  async (t) => {
    const url = await lastingUrl(t)
    const { write } = await openMigrated(t, url)
    await write((writer) => sql.raw(INSERT_REMOVED_MIGRATION).execute(writer))
    for (const mode of ['auto', 'check']) {
      const log = createLog()
      const app = await build(url, mode, log)
      await expectReply(t, app, { url: '/health/ready' }, { status: 200 })
      await app.close()
      const lines = log.lines.filter(({ msg }) => msg === ACCEPTED)
      const expected = {
        level: 'info',
        migrations: ['20200101T0000-pets'],
        minVersion: '0.0.1',
      }
      t.equal(lines.length, 1, mode)
      t.match(lines, [expected], mode)
    }
  },
)

testOnEachEngine(
  'with MIGRATE=check, the start waits until another process has migrated',
  async (t) => {
    const url = await lastingUrl(t)
    const log = watchLog()
    let isStarted = false
    const start = build(url, 'check', log).then((app) => {
      isStarted = true
      return app
    })
    await log.begins
    t.match(log.lines, [
      {
        level: 'warn',
        msg: WAITS,
        reason: /^"npm run db -- migrate" to apply the pending migrations: 2026\d{4}T\d{4}-/,
      },
    ])
    const job = await open(t, url)
    t.same(await job.dialect.catalogue.listTables(job.reader), [], 'the service changes nothing')
    t.equal(isStarted, false)
    await migrate(job)
    const app = await start
    await expectReply(t, app, { url: '/health/ready' }, { status: 200 })
    await app.close()
    t.notOk(log.lines.some(({ msg }) => msg === ACCEPTED))
  },
)

testOnEachEngine(
  'with MIGRATE=check, a schema that needs a later version is refused',
  async (t) => {
    const url = await lastingUrl(t)
    const { write } = await openMigrated(t, url)
    await write((writer) => sql.raw(INSERT_LATER_MIGRATION).execute(writer))
    await t.rejects(build(url, 'check'), {
      constructor: StorageError,
      message: LATER_VERSION_NEEDED,
    })
  },
)

t.test('the wait for migrations is reported every few seconds', async (t) => {
  const database = await open(t, 'sqlite::memory:')
  const reasons: string[] = []
  await waitForMigrations(database, (reason) => {
    reasons.push(reason)
    if (reasons.length === 2) void migrate(database)
  })
  t.equal(reasons.length, 2)
})

for (const WORKERS of ['1', '2']) {
  t.test(`SIGTERM ends the wait for migrations (WORKERS=${WORKERS})`, async (t) => {
    t.setTimeout(90_000)
    const [port, adminPort] = [await freePort(), await freePort()]
    const child = spawn(process.execPath, [FIXTURES, START], {
      cwd: t.testdir(),
      env: {
        ...process.env,
        ...FAST_START,
        DATABASE_URL: await lastingUrl(t),
        MIGRATE: 'check',
        PORT: String(port),
        ADMIN_PORT: String(adminPort),
        WORKERS,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    t.teardown(() => endProgram(child, 'SIGKILL'))
    await waitForLine(child, child.stdout, WAITS)
    for (const refusing of [port, adminPort]) {
      await t.rejects(fetch(`http://127.0.0.1:${refusing}/health/ready`), 'the port is closed')
    }
    await endProgram(child)
    t.equal(child.exitCode, 1)
  })
}
