import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import pg from 'pg'
import t, { type Test } from 'tap'

/**
 * The server that the tests on PostgreSQL use: each process makes a database of its own there, and each
 * test a schema in it, so that none meets the locks and the tables of another.
 */
const SERVER = process.env.TEST_DATABASE_URL || 'postgres://postgres@127.0.0.1:5432/test'

/** How long a test waits for its database, in milliseconds: it may share the machine with others. */
export const PATIENCE = 20_000

/** Why there are no tests on PostgreSQL; false where there are. One that was asked for must be there. */
const skip = process.env.TEST_DATABASE_URL ? false : await reasonToSkip()

async function reasonToSkip() {
  try {
    await execute(SERVER, 'select 1')
    return false
  } catch {
    return 'SKIPPED: no PostgreSQL answers on 127.0.0.1:5432; set TEST_DATABASE_URL to test on one'
  }
}

async function execute(connectionString: string, sql: string) {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: PATIENCE })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

/** A test that runs on SQLite and on PostgreSQL: `databaseUrl` gives it a database of that engine. */
export function testOnEachEngine(title: string, body: (t: Test) => Promise<unknown>) {
  t.test(`${title} (SQLite)`, body)
  testOnPostgres(title, body)
}

/** A test of what is PostgreSQL's alone. */
export function testOnPostgres(title: string, body: (t: Test) => Promise<unknown>) {
  t.test(`${title} (PostgreSQL)`, { skip }, (t) => {
    t.context = { isOnPostgres: true }
    return body(t)
  })
}

/** The URL of a fresh database, of the engine that the test runs on. It goes with the test. */
export async function databaseUrl(t: Test): Promise<string> {
  if (!t.context.isOnPostgres) return 'sqlite::memory:'
  database ??= createDatabase()
  const url = new URL(await database)
  const schema = uniqueName()
  await execute(url.href, `create schema ${schema}`)
  t.teardown(() => execute(url.href, `drop schema ${schema} cascade`))
  url.searchParams.set('options', `-c search_path=${schema}`)
  return url.href
}

/** The URL of this process's own database. */
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

/** The same, of a database that several can open, and that is still there when all have closed it. */
export async function lastingUrl(t: Test): Promise<string> {
  return t.context.isOnPostgres ? databaseUrl(t) : `sqlite:${join(t.testdir(), 'api.db')}`
}
