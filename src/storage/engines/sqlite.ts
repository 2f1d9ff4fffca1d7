import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import {
  Kysely,
  type QueryExecutorProvider,
  type SqliteDatabase,
  SqliteDialect,
  type SqliteStatement,
  sql,
} from 'kysely'
import { LRUCache } from 'lru-cache'
import { type Database, type Measure, type Read, readThrough } from '../database.ts'
import type { Schema } from '../schema.ts'
import type { Dialect } from './dialect.ts'
import { DatabaseFull, DatabaseUnavailable } from './failure.ts'
import { groupCommits } from './group-commit.ts'
import { SQLITE_CATALOGUE } from './sqlite-catalogue.ts'

/** How long the file may stay locked while the service starts, in milliseconds. */
export const START_TIMEOUT = 10_000

/** Statements that stay prepared; the service has fewer. */
const STATEMENTS = 200

export const SQLITE: Dialect = {
  integer: 'integer',
  text: 'text',
  bytes: 'blob',
  counted: (column) => column.primaryKey().autoIncrement(),
  countOn: async () => {}, // as autoincrement does
  indexWords,
  searchFor: (words) => words.map((word) => `"${word}"`).join(' '),
  withWords: (query, table, search) => {
    const index = sql.table(searchOf(table))
    return query
      .innerJoin(sql`${index}`.as('found'), (join) =>
        join.on(sql`found.rowid`, '=', sql.ref(`${table}.id`)),
      )
      .where(sql<boolean>`found.${index} match ${search}`)
  },
  searchedId: 'found.rowid',
  // who writes is alone: a transaction waits at its begin for the one before it, in any process
  tryLock: async () => true,
  skipLocked: sql``,
  findNamespace: async () => undefined,
  catalogue: SQLITE_CATALOGUE,
}

/**
 * Opens a SQLite file, in WAL mode: who reads waits for nobody, and what was written is on the disk
 * before it is acknowledged (`synchronous=FULL`). A database in memory has one connection for all.
 *
 * @param file a path, or `:memory:`.
 * @param timeout how long a write waits for another process, in milliseconds.
 */
export function openSqlite(file: string, timeout: number, measure?: Measure): Database {
  const isFile = file !== ':memory:'
  if (isFile) mkdirSync(dirname(file), { recursive: true })
  const writer = connect(file, measure)
  const reader = isFile ? connect(file, measure) : writer
  const write = groupCommits(writer.queries, timeout)
  return {
    reader: reader.queries,
    // of one connection for all, a transaction may be under way
    read: isFile ? reader.read : readThrough(reader.queries),
    write,
    transact: write,
    transactAlone: groupCommits(writer.queries, Number.POSITIVE_INFINITY),
    dialect: SQLITE,
    async close() {
      await reader.close()
      await writer.close()
    },
  }
}

/**
 * An index that keeps no text of its own (sqlite.org/fts5.html §4.4.3), so that triggers have to tell it
 * what changes. Words come folded already, and "ascii" leaves them whole.
 */
async function indexWords(db: QueryExecutorProvider, table: string) {
  const [rows, search] = [sql.table(table), sql.table(searchOf(table))]
  const trigger = (event: string) => sql.id(`${searchOf(table)}_${event}`)
  const forget = sql`insert into ${search} (${search}, rowid, words)
    values ('delete', old.id, old.words)`
  const learn = sql`insert into ${search} (rowid, words) values (new.id, new.words)`
  for (const statement of [
    sql`create virtual table ${search} using fts5(words, content = ${sql.lit(table)},
      content_rowid = 'id', tokenize = 'ascii', detail = 'none', columnsize = 0)`,
    sql`insert into ${search} (${search}) values ('rebuild')`,
    sql`create trigger ${trigger('insert')} after insert on ${rows} begin ${learn}; end`,
    sql`create trigger ${trigger('delete')} after delete on ${rows} begin ${forget}; end`,
    sql`create trigger ${trigger('update')} after update of words on ${rows}
      begin ${forget}; ${learn}; end`,
  ]) {
    await statement.execute(db)
  }
}

/** The table that the words of another are found in. */
function searchOf(table: string): string {
  return `${table}_search`
}

function connect(file: string, measure?: Measure) {
  const database = new DatabaseSync(file, {
    timeout: START_TIMEOUT,
    enableForeignKeyConstraints: true,
  })
  try {
    useWal(database)
    // from here on a write waits without holding up the requests that read (group-commit.ts)
    database.exec('pragma synchronous = full; pragma busy_timeout = 0')
  } catch (error) {
    database.close()
    throw error
  }
  const adapted = adapt(database, measure)
  const dialect = new SqliteDialect({ database: adapted })
  const queries = new Kysely<Schema>({ dialect })
  return {
    queries,
    // the builder's own way there is a dozen promises long
    read: (async ({ sql, parameters }) => adapted.prepare(sql).all(parameters)) as Read, // rows as the query's type has them
    async close() {
      await queries.destroy()
      closeOnce(database) // the above leaves open what had no query
    },
  }
}

/**
 * Two processes that change one fresh file at once: SQLite refuses the later at once, whatever the
 * timeout. It waits here for the other to be done, and finds the file changed.
 */
function useWal(database: DatabaseSync) {
  try {
    database.exec('pragma journal_mode = wal')
  } catch {
    database.exec('begin immediate; commit; pragma journal_mode = wal')
  }
}

/** Gives a connection the shape that the query builder asks for. Each statement is prepared once. */
export function adapt(database: DatabaseSync, measure?: Measure): SqliteDatabase {
  const statements = new LRUCache<string, SqliteStatement>({ max: STATEMENTS })
  return {
    close: () => closeOnce(database),
    prepare(sql) {
      const statement =
        statements.get(sql) ?? translated(() => prepare(database, sql, measure?.(sql)))
      statements.set(sql, statement)
      return statement
    },
  }
}

function closeOnce(database: DatabaseSync) {
  if (database.isOpen) database.close()
}

function prepare(
  database: DatabaseSync,
  sql: string,
  observe?: ReturnType<Measure>,
): SqliteStatement {
  const statement = database.prepare(sql)
  const names = statement.columns().map(({ name }) => name)
  statement.setReturnArrays(true)
  const bind = (parameters: readonly unknown[]) => parameters as SQLInputValue[] // the builder's, from typed rows
  return {
    reader: names.length > 0,
    all: (parameters) =>
      executed(() => statement.all(...bind(parameters)), observe).map(
        (values) => rowOf(names, values as unknown as unknown[]), // which setReturnArrays made of them
      ),
    run: (parameters) => executed(() => statement.run(...bind(parameters)), observe),
    // a statement of its own: rows are still to come while others run
    iterate: (parameters) => database.prepare(sql).iterate(...bind(parameters)),
  }
}

/** A row as the builder gives it. Made by the module of SQLite, it takes twice as long to make and to read. */
function rowOf(names: readonly string[], values: readonly unknown[]): object {
  const row: Record<string, unknown> = {}
  for (let index = 0; index < names.length; index++) row[String(names[index])] = values[index]
  return row
}

/** Result codes of SQLite (sqlite.org/rescode.html), without what extends them. */
const UNAVAILABLE = [
  5, // busy
  6, // locked
  8, // read-only
  10, // input or output error
  14, // cannot open
  15, // locking protocol
]
const FULL = 13

/** Runs a query, and tells how long it took, where it did not fail. */
function executed<Result>(query: () => Result, observe?: (seconds: number) => void): Result {
  const begin = performance.now()
  const result = translated(query)
  observe?.((performance.now() - begin) / 1_000)
  return result
}

/** Runs a query, and throws what its error means to whoever asked. */
function translated<Result>(query: () => Result): Result {
  try {
    return query()
  } catch (error) {
    throw translate(error)
  }
}

function translate(error: unknown): unknown {
  const { errcode, message } = Object(error)
  const code = errcode & 0xff
  if (code === FULL) return new DatabaseFull(`SQLite: ${message}`, { cause: error })
  if (UNAVAILABLE.includes(code)) {
    return new DatabaseUnavailable(`SQLite: ${message}`, { cause: error })
  }
  return error
}
