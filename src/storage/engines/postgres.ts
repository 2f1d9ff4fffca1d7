import { type Kysely, type RawBuilder, sql } from 'kysely'
import { type Database, type MeasureQuery, readThrough, type Source } from '../database.ts'
import type { Schema } from '../schema.ts'
import { connect } from './postgres-connection.ts'
import { nameColumns } from './postgres-constraints.ts'
import { POSTGRES_DIALECT } from './postgres-dialect.ts'
import { type PostgresAddress, readPostgresUrl } from './postgres-url.ts'

/** Key of the advisory lock for changes of the schema: the letters "rest". */
const SCHEMA_LOCK = 0x72_65_73_74

/**
 * Opens a pool of connections to PostgreSQL. The first query makes the first connection.
 *
 * @param timeoutMs time that a query may take; waiting for a connection, or for a lock of another transaction, may
 * take half of this time
 * @param connections maximum number of connections
 */
export function openPostgres(
  url: string,
  timeoutMs: number,
  connections: number,
  measure?: MeasureQuery,
): Database {
  const address = readPostgresUrl(url)
  const limits = {
    statement_timeout: timeoutMs,
    lock_timeout: Math.floor(timeoutMs / 2),
    idle_in_transaction_session_timeout: timeoutMs,
  }
  const config = {
    max: connections,
    connectionTimeoutMillis: timeoutMs / 2,
    query_timeout: timeoutMs, // client side, for a server that no longer responds
  }
  const { queries, pool, close } = connect(address, config, limits, measure)
  const refuse = nameColumns(queries)
  return {
    reader: queries,
    read: readThrough(queries),
    write: (work) => work(queries).catch(refuse),
    transact: (work) => queries.transaction().execute(work).catch(refuse),
    transactAlone: (work) => transactWithoutTimeout(address, timeoutMs, ALONE, work),
    dialect: POSTGRES_DIALECT,
    close,
    pool,
  }
}

/** Returns a PostgreSQL database that is only read. */
export function postgresSource(url: string, timeoutMs: number): Source {
  const address = readPostgresUrl(url)
  return {
    dialect: POSTGRES_DIALECT,
    readSnapshot: (work) => transactWithoutTimeout(address, timeoutMs, SNAPSHOT, work),
  }
}

/** Limits of a transaction that may take any time, whatever the limits of the role are. */
const NO_LIMITS = {
  statement_timeout: 0,
  lock_timeout: 0,
  idle_in_transaction_session_timeout: 0,
}

const ALONE = [sql`begin`, sql`select pg_advisory_xact_lock(${SCHEMA_LOCK})`]
const SNAPSHOT = [sql`begin isolation level repeatable read, read only`]

/** Runs a transaction on its own connection, without a time limit for queries. */
async function transactWithoutTimeout<Result>(
  address: PostgresAddress,
  connectTimeoutMs: number,
  start: RawBuilder<unknown>[],
  work: (writer: Kysely<Schema>) => Promise<Result>,
): Promise<Result> {
  const config = { max: 1, connectionTimeoutMillis: connectTimeoutMs }
  const { queries, close } = connect(address, config, NO_LIMITS)
  try {
    return await queries.connection().execute(async (connection) => {
      for (const statement of start) await statement.execute(connection)
      const result = await work(connection)
      await sql`commit`.execute(connection)
      return result
    })
  } finally {
    await close()
  }
}
