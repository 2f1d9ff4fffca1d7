import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import pg from 'pg'
import t, { type Test } from 'tap'
import { skipBecause } from './requirement.ts'

/**
 * URL of the PostgreSQL server. Each test process creates a database on this server, and each test creates a schema
 * in the database of its process, so that tests share neither locks nor tables.
 */
const SERVER = process.env.TEST_DATABASE_URL || 'postgres://postgres@127.0.0.1:5432/test'

/** Database timeout in tests. It is long, because the machine may be busy. */
export const TEST_TIMEOUT_MS = 20_000

/**
 * Reason to skip the tests if no server listens on the default URL, otherwise false. If TEST_DATABASE_URL is set, the
 * tests always run, and fail without the server.
 */
const skip = process.env.TEST_DATABASE_URL ? false : await reasonToSkip()

async function reasonToSkip() {
  try {
    await execute(SERVER, 'select 1')
    return false
  } catch {
    return skipBecause('this test needs PostgreSQL on 127.0.0.1:5432, or TEST_DATABASE_URL')
  }
}

async function execute(connectionString: string, sql: string) {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: TEST_TIMEOUT_MS })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

/** Defines a test for SQLite and for PostgreSQL. In it, databaseUrl() returns the URL of a database of its engine. */
export function testOnEachEngine(title: string, body: (t: Test) => Promise<unknown>) {
  t.test(`${title} (SQLite)`, body)
  testOnPostgres(title, body)
}

/** Defines a test for PostgreSQL only. */
export function testOnPostgres(title: string, body: (t: Test) => Promise<unknown>) {
  t.test(`${title} (PostgreSQL)`, { skip }, (t) => {
    t.context = { isOnPostgres: true }
    return body(t)
  })
}

const ENGINES = ['SQLite', 'PostgreSQL'] as const

/** Defines the same test for each pair of engines. `body` receives the URLs of two new databases. */
export function testOnEachPair(
  title: string,
  body: (t: Test, source: string, target: string) => Promise<unknown>,
) {
  for (const from of ENGINES) {
    for (const to of ENGINES) {
      const isOnPostgres = [from, to].includes('PostgreSQL')
      t.test(`${title} (${from} to ${to})`, { skip: isOnPostgres && skip }, async (t) => {
        const file = join(folderOf(t), 'database.db')
        const [source, target] = [from, to].map((engine, index) =>
          engine === 'SQLite' ? `sqlite:${file}.${index}` : postgresUrl(t),
        )
        return body(t, String(await source), String(await target))
      })
    }
  }
}

const folders = new WeakMap<Test, string>()

/** Returns the folder of a test. Unlike `t.testdir`, a repeated call does not empty the folder. */
export function folderOf(t: Test): string {
  const folder = folders.get(t) ?? t.testdir()
  folders.set(t, folder)
  return folder
}

/** Returns the URL of a new database of the test's engine. The database is removed when the test ends. */
export async function databaseUrl(t: Test): Promise<string> {
  return t.context.isOnPostgres ? postgresUrl(t) : 'sqlite::memory:'
}

/** Returns the URL of a new database. Several connections can open it, and its data remains when they are closed. */
export async function lastingUrl(t: Test): Promise<string> {
  return t.context.isOnPostgres ? postgresUrl(t) : `sqlite:${join(folderOf(t), 'api.db')}`
}

async function postgresUrl(t: Test): Promise<string> {
  database ??= createDatabase()
  const url = new URL(await database)
  const schema = uniqueName()
  await execute(url.href, `create schema ${schema}`)
  t.teardown(() => execute(url.href, `drop schema ${schema} cascade`))
  url.searchParams.set('options', `-c search_path=${schema}`)
  return url.href
}

/** URL of the database of this process. */
let database: Promise<string> | undefined

async function createDatabase() {
  const name = uniqueName()
  await execute(SERVER, `create database ${name}`)
  t.teardown(() => execute(SERVER, `drop database ${name} with (force)`))
  const url = new URL(SERVER)
  url.pathname = name
  return url.href
}

function uniqueName() {
  return `test_${randomUUID().replaceAll('-', '')}`
}
