import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { Kysely, type SqliteDatabase, SqliteDialect, type SqliteStatement } from 'kysely'
import { LRUCache } from 'lru-cache'
import { createPrivateFile } from '../../private-file.ts'
import {
  type Database,
  type EngineOptions,
  type MeasureQuery,
  type Read,
  readThrough,
} from '../database.ts'
import type { Schema } from '../schema.ts'
import { groupCommits } from './group-commit.ts'
import { keepLogSmall } from './sqlite-checkpoint.ts'
import { SQLITE_DIALECT } from './sqlite-dialect.ts'
import { translate } from './sqlite-failure.ts'
import { refuseStaleLog, watchFile } from './sqlite-file.ts'

/** Time that the file may stay locked while the service starts. */
export const START_TIMEOUT_MS = 10_000

/** Maximum number of prepared statements that are kept; the service has fewer. */
const MAX_STATEMENTS = 200

type SqliteOptions = Pick<EngineOptions, 'timeoutMs'> & Partial<EngineOptions>

/**
 * Opens a SQLite file in WAL mode. Reads never wait, and a write is on the disk before the client gets a response
 * (`synchronous=FULL`). A database in memory has one connection for reads and writes.
 *
 * @param file a path, or `:memory:`
 * @param options a write waits for `timeoutMs` while another process writes
 */
export function openSqlite(file: string, { timeoutMs, measure, onWait }: SqliteOptions): Database {
  const isFile = file !== ':memory:'
  if (isFile) {
    refuseStaleLog(file)
    mkdirSync(dirname(file), { recursive: true })
    createPrivateFile(file) // SQLite gives -wal and -shm the mode of this file
  }
  const writer = connect(file, measure)
  const reader = isFile ? connect(file, measure) : writer
  const watched = isFile ? watchFile(file) : undefined
  const checkpoints = watched && keepLogSmall(file, watched.requireSameFile)
  const write = groupCommits(writer, timeoutMs, watched?.requireSameFile)
  return {
    reader: reader.queries,
    // On a shared connection, reads must wait for the transaction of a write.
    read: isFile ? reader.read : readThrough(reader.queries),
    write,
    transact: write,
    transactAlone: groupCommits(writer, Number.POSITIVE_INFINITY, watched?.requireSameFile, onWait),
    dialect: SQLITE_DIALECT,
    ...(watched && { file: watched }),
    async close() {
      await checkpoints?.close()
      await reader.close()
      await writer.close()
    },
  }
}

function connect(file: string, measure?: MeasureQuery) {
  const database = new DatabaseSync(file, {
    timeout: START_TIMEOUT_MS,
    enableForeignKeyConstraints: true,
  })
  try {
    useWal(database)
    // From here on, group-commit.ts waits for locks without blocking the event loop, and sqlite-checkpoint.ts copies the log.
    database.exec(
      'pragma synchronous = full; pragma busy_timeout = 0; pragma wal_autocheckpoint = 0',
    )
  } catch (error) {
    database.close()
    throw error
  }
  const adapted = adapt(database, measure)
  const dialect = new SqliteDialect({ database: adapted })
  const queries = new Kysely<Schema>({ dialect })
  return {
    queries,
    run: (statement: string) => void adapted.prepare(statement).run([]),
    // Faster than the query builder, which awaits a dozen promises. The rows have the type of the query.
    read: (async ({ sql, parameters }) => adapted.prepare(sql).all(parameters)) as Read,
    async close() {
      await queries.destroy()
      closeOnce(database) // destroy() does not close a connection that ran no query
    },
  }
}

/**
 * Switches to WAL mode. If two processes switch a new file at once, SQLite refuses one despite the timeout. The
 * refused process then begins a write transaction, which waits until the other process has switched the file.
 */
function useWal(database: DatabaseSync) {
  try {
    database.exec('pragma journal_mode = wal')
  } catch {
    database.exec('begin immediate; commit; pragma journal_mode = wal')
  }
}

/** Adapts a connection to the query builder, and caches prepared statements. */
export function adapt(database: DatabaseSync, measure?: MeasureQuery): SqliteDatabase {
  const statements = new LRUCache<string, SqliteStatement>({ max: MAX_STATEMENTS })
  return {
    close: () => closeOnce(database),
    prepare(sql) {
      const known = statements.get(sql)
      if (known) return known
      try {
        const statement = prepare(database, sql, measure?.(sql))
        statements.set(sql, statement)
        return statement
      } catch (error) {
        throw translate(error, { database, sql, parameters: [] })
      }
    },
  }
}

function closeOnce(database: DatabaseSync) {
  if (database.isOpen) database.close()
}

function prepare(
  database: DatabaseSync,
  sql: string,
  observe?: ReturnType<MeasureQuery>,
): SqliteStatement {
  const statement = database.prepare(sql)
  const names = statement.columns().map(({ name }) => name)
  const readRow = createRowReader(names)
  statement.setReturnArrays(true)
  /** Runs the statement, and records the duration if it succeeds. */
  function execute<Result>(
    parameters: readonly unknown[],
    run: (bound: SQLInputValue[]) => Result,
  ): Result {
    const begin = performance.now()
    try {
      const result = run(parameters as SQLInputValue[]) // checked by the query builder's types
      observe?.((performance.now() - begin) / 1_000)
      return result
    } catch (error) {
      throw translate(error, { database, sql, parameters })
    }
  }
  return {
    reader: names.length > 0,
    all: (parameters) =>
      execute(parameters, (bound) => statement.all(...bound)).map(
        (values) => readRow(values as unknown as unknown[]), // `setReturnArrays` makes each row an array
      ),
    run: (parameters) => execute(parameters, (bound) => statement.run(...bound)),
    // A new statement, since the cached one may run again before the last row is read.
    iterate: (parameters) => database.prepare(sql).iterate(...(parameters as SQLInputValue[])),
  }
}

/**
 * Returns a function that creates the object of a row. It is compiled for these columns, since setting a property whose
 * name is a variable takes several times as long. The objects that node:sqlite creates take even longer.
 */
function createRowReader(names: readonly string[]): (values: unknown[]) => object {
  const members = names.map((name, index) => `${JSON.stringify(name)}: values[${index}]`)
  return new Function('values', `return { ${members} }`) as (values: unknown[]) => object
}
