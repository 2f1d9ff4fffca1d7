import type { CompiledQuery, Kysely } from 'kysely'
import { messageOf } from '../error-message.ts'
import type { Dialect } from './engines/dialect.ts'
import type { Schema } from './schema.ts'

/** A database that cannot be used. The message is one line, for an operator. */
export class StorageError extends Error {}

/** Runs work that writes, all of it or nothing, and gives its result once it is on the disk. */
export type Write = <Result>(work: (writer: Kysely<Schema>) => Promise<Result>) => Promise<Result>

/** Gives the rows of a query. */
export type Read = <Row>(query: CompiledQuery<Row>) => Promise<Row[]>

/** What a store needs of a database, or of a transaction in it. */
export interface Session {
  dialect: Dialect
  reader: Kysely<Schema>
  /** Gives the rows of a query that was compiled, with no more ado than the engine asks for. */
  read: Read
  /** Runs a single statement. */
  write: Write
}

export interface Database extends Session {
  /** Runs several statements as one. They must wait for nothing but the database. */
  transact: Write
  /** Runs work alone: no other process does so at the same time. Waits as long as that takes. */
  transactAlone: Write
  close(): Promise<void>
  /** Its connections to PostgreSQL, and how many wait for one. */
  pool?: { totalCount: number; idleCount: number; waitingCount: number }
}

/** A database that is only read: it is neither made nor changed. */
export interface Source {
  /** Runs work that reads a single state of the database, however long it takes. */
  readSnapshot<Result>(work: (reader: Kysely<Schema>) => Promise<Result>): Promise<Result>
  dialect: Dialect
}

/** How a database is used. */
export interface DatabaseOptions {
  /** How long the database may take to answer, in milliseconds. */
  timeout?: number
  /** How many connections to PostgreSQL there may be. */
  connections?: number
  /** Gives what is told how long a statement took. */
  measure?: Measure | undefined
}

/** What is told how long it took, in seconds, whenever a statement was executed. */
export type Measure = (sql: string) => (seconds: number) => void

/**
 * Opens the database that a URL names.
 *
 * @param url `sqlite:FILE`, made where it is not there yet, with its folder; `sqlite::memory:`; or
 * `postgres://…` (its parameters are those of libpq).
 * @throws {StorageError} for a file that cannot be opened, is no database or has a newer schema.
 */
export async function openDatabase(
  url: string,
  { timeout = 1_000, connections = 10, measure }: DatabaseOptions = {},
): Promise<Database> {
  const file = fileOf(url)
  if (file === undefined) {
    const { openPostgres } = await import('./engines/postgres.ts')
    return openPostgres(url, timeout, connections, measure)
  }
  const { openSqlite } = await import('./engines/sqlite.ts')
  const { refuseNewer } = await import('./migrations.ts')
  try {
    await refuseNewer(await openSource(url, timeout))
    return openSqlite(file, timeout, measure)
  } catch (error) {
    throw new StorageError(`cannot open the database ${file}: ${messageOf(error)}`)
  }
}

/** Gives the database that a URL names to read from; it is opened for each snapshot. */
export async function openSource(url: string, timeout: number): Promise<Source> {
  const file = fileOf(url)
  if (file === undefined)
    return (await import('./engines/postgres.ts')).postgresSource(url, timeout)
  return (await import('./engines/sqlite-source.ts')).sqliteSource(file)
}

/** The file that a URL of SQLite names; undefined for one of PostgreSQL. */
export function fileOf(url: string): string | undefined {
  return url.startsWith('sqlite:') ? url.slice('sqlite:'.length) : undefined
}

/** Makes a store, of a database or of a transaction in it. Nobody else knows SQL. */
export type StoreFactory<Store> = (access: Session) => Store

/** Runs work on stores that it makes as one change: all of it or nothing. It must wait for nothing else. */
export function transact<Result>(
  database: Database,
  work: (access: Session) => Promise<Result>,
): Promise<Result> {
  return database.transact((transaction) => work(inTransaction(database, transaction)))
}

/** The same access within a transaction: what it reads includes what it wrote. */
export function inTransaction({ dialect }: Session, transaction: Kysely<Schema>): Session {
  return {
    dialect,
    reader: transaction,
    read: readThrough(transaction),
    write: (work) => work(transaction),
  }
}

/** Reads as the query builder does, in its transaction or in turn with others. */
export function readThrough(queries: Kysely<Schema>): Read {
  return async (query) => (await queries.executeQuery(query)).rows
}
