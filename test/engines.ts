import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import pg from 'pg'
import t, { type Test } from 'tap'
import { skipBecause } from './requirement.ts'

/**
 * The server that the tests on PostgreSQL use: each process makes a database of its own there, and each
 * test a schema in it, so that none meets the locks and the tables of another.
 */
const SERVER = process.env.TEST_DATABASE_URL || 'postgres://postgres@127.0.0.1:5432/test'

/** How long a test waits for its database, in milliseconds: it may share the machine with others. */
export const PATIENCE = 20_000

/** A server that TEST_DATABASE_URL names must answer; the default one may be absent. */
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

const ENGINES = ['SQLite', 'PostgreSQL'] as const

/** A test of two fresh databases that others can open too, on each pair of engines. */
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

/** The folder of a test, which `t.testdir` would empty when it is asked for again. */
export function folderOf(t: Test): string {
  const folder = folders.get(t) ?? t.testdir()
  folders.set(t, folder)
  return folder
}

/** The URL of a fresh database, of the engine that the test runs on. It goes with the test. */
export async function databaseUrl(t: Test): Promise<string> {
  return t.context.isOnPostgres ? postgresUrl(t) : 'sqlite::memory:'
}

/** The same, of a database that several can open, and that is still there when all have closed it. */
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
