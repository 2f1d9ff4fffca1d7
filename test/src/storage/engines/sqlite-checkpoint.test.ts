import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { mock } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import t from 'tap'
import { keepLogSmall } from '../../../../src/storage/engines/sqlite-checkpoint.ts'
import { openDatabase } from '../../../../src/storage/open-database.ts'
import { until } from '../../../workers.ts'

const LARGE_BYTES = 5_000_000

const TEXT = 'no database '.repeat(100)

const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0

t.test('a large log is copied and emptied, but not by a commit', async (t) => {
  const file = join(t.testdir(), 'api.db')
  const database = await openDatabase(`sqlite:${file}`)
  t.teardown(() => database.close())
  const insert = (size: number) =>
    database.write((db) => sql`insert into t values (randomblob(${size}))`.execute(db))
  await database.write((db) => sql`create table t (value blob)`.execute(db))

  const reading = new DatabaseSync(file)
  reading.exec('begin; select * from t')
  await insert(LARGE_BYTES)
  reading.close()
  await insert(1)
  t.ok(sizeOf(file) < LARGE_BYTES, 'the commit has copied nothing')
  t.ok(sizeOf(`${file}-wal`) > LARGE_BYTES)

  while (sizeOf(`${file}-wal`) > LARGE_BYTES) {
    await insert(1)
    await sleep(20)
  }
  t.ok(sizeOf(file) > LARGE_BYTES)
})

t.test('close() waits for a copy that is being made', async (t) => {
  const file = join(t.testdir(), 'api.db')
  const writer = new DatabaseSync(file)
  t.teardown(() => writer.close())
  writer.exec('pragma journal_mode = wal; pragma wal_autocheckpoint = 0')
  writer.exec(`create table t (value blob); insert into t values (randomblob(${LARGE_BYTES}))`)
  t.ok(sizeOf(file) < LARGE_BYTES)

  let closing: Promise<void> | undefined
  const closeSoon = () => {
    queueMicrotask(() => {
      closing = log.close()
    })
  }
  const log = keepLogSmall(file, closeSoon, 0)
  await until(() => closing !== undefined)
  await closing
  t.ok(sizeOf(file) > LARGE_BYTES)
})

t.test('a missing log is not copied', async (t) => {
  mock.timers.enable({ apis: ['setInterval'] })
  t.teardown(() => mock.timers.reset())
  let checks = 0
  const log = keepLogSmall(join(t.testdir(), 'api.db'), () => void checks++)
  mock.timers.tick(1_000)
  t.equal(checks, 0)
  await log.close()
})

t.test('the log of another file is not copied', async (t) => {
  const file = join(t.testdir({ 'api.db-wal': 'text' }), 'api.db')
  let checks = 0
  const verify = () => {
    checks++
    throw new Error('replaced')
  }
  const log = keepLogSmall(file, verify, 0)
  await until(() => checks > 0)
  await log.close()
  t.equal(existsSync(file), false)
})

t.test('a copy that failed is tried again', async (t) => {
  const file = join(t.testdir({ 'api.db': TEXT, 'api.db-wal': 'text' }), 'api.db')
  let checks = 0
  const log = keepLogSmall(file, () => void checks++, -1)
  await until(() => checks > 1)
  await log.close()
  t.equal(readFileSync(file, 'utf8'), TEXT)
})
