import type { CompiledQuery, Kysely } from 'kysely'
import type { Dialect } from './engines/dialect.ts'
import type { StoredList } from './list.ts'
import type { Schema } from './schema.ts'

/** Thrown if a database cannot be used. The message is one line, for an operator. */
export class StorageError extends Error {}

/**
 * Runs the callback `work`, whose changes are made completely or not at all. Returns its result after the changes are
 * on the disk.
 */
export type Write = <Result>(work: (writer: Kysely<Schema>) => Promise<Result>) => Promise<Result>

/** Returns the rows of a compiled query. */
export type Read = <Row>(query: CompiledQuery<Row>, options?: ReadOptions) => Promise<Row[]>

interface ReadOptions {
  /** True if the same plan is best for all values of the parameters. PostgreSQL then plans the query once. */
  hasOnePlan?: boolean
  /** True if the query may read many rows, so that other queries must not wait for it on the same connection. */
  mayBeSlow?: boolean
}

/** A database or a transaction, as a store uses it. */
export interface Session {
  dialect: Dialect
  reader: Kysely<Schema>
  /** Runs a compiled query. On SQLite this is faster than the query builder. */
  read: Read
  /** Runs a single statement. */
  write: Write
  /** Called with each list whose pages a store reads, to check its indexes. */
  onList?: (list: StoredList) => void
}

export interface Database extends Session {
  /** Runs several statements in one transaction. The callback must not await anything except database queries. */
  transact: Write
  /**
   * Runs a transaction. Waits without a time limit until no other process runs `transactAlone`. On PostgreSQL, `work`
   * may run several times, since it is undone if it waits for a lock.
   */
  transactAlone: Write
  close(): Promise<void>
  /** File of a SQLite database, unless it is in memory. */
  file?: {
    path: string
    /** Throws DatabaseUnavailable if writes would fail or be lost, which a query does not show. */
    requireWritable(): void
  }
  /**
   * Number of connections to PostgreSQL, of idle connections, and of transactions and queries that wait for a
   * connection.
   */
  pool?: { totalCount: number; idleCount: number; waitingCount: number }
}

/** A database that is only read, never created or changed. */
export interface Source {
  /** Runs the callback `work` on a snapshot of the database, without a time limit. */
  readSnapshot<Result>(work: (reader: Kysely<Schema>) => Promise<Result>): Promise<Result>
  dialect: Dialect
}

/** Called with each prepared statement. May return a function that records the statement's duration in seconds. */
export type MeasureQuery = (sql: string) => ((seconds: number) => void) | undefined

/** Called every few seconds while `transactAlone` waits. Gets what it waits for. */
export type OnWait = (reason: string) => void

export interface EngineOptions {
  /** Time that a query may take, in milliseconds. */
  timeoutMs: number
  /** Maximum number of connections to PostgreSQL. */
  connections: number
  measure?: MeasureQuery | undefined
  onWait?: OnWait | undefined
}

/** Creates a store of a database or a transaction. Only stores and migrations contain SQL. */
export type StoreFactory<Store> = (session: Session) => Store

/** Runs the callback `work` in one transaction. The callback must not await anything except database queries. */
export function transact<Result>(
  database: Database,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  return database.transact((transaction) => work(inTransaction(database, transaction)))
}

/** Returns the session of a transaction. Reads include the transaction's own writes. */
export function inTransaction({ dialect }: Session, transaction: Kysely<Schema>): Session {
  return {
    dialect,
    reader: transaction,
    read: readThrough(transaction),
    write: (work) => work(transaction),
  }
}

/**
 * Returns a `Read` that uses the connection of the query builder. A query runs in the builder's transaction if there is
 * one; otherwise it waits until a connection is free.
 */
export function readThrough(queries: Kysely<Schema>): Read {
  return async (query) => (await queries.executeQuery(query)).rows
}
