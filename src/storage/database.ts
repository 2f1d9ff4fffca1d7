import type { CompiledQuery, Kysely } from 'kysely'
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

/** What is told how long it took, in seconds, whenever a statement was executed. */
export type Measure = (sql: string) => (seconds: number) => void

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
