import { Kysely, PostgresDialect, type PostgresPoolClient, type RawBuilder, sql } from 'kysely'
import pg from 'pg'
import { type Database, type MeasureQuery, readThrough, type Source } from '../database.ts'
import type { Schema } from '../schema.ts'
import { DatabaseFull, DatabaseUnavailable } from './failure.ts'
import { nameColumns, violationOf } from './postgres-constraints.ts'
import { POSTGRES_DIALECT } from './postgres-dialect.ts'

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
  const config = {
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: timeoutMs / 2,
    lock_timeout: timeoutMs / 2,
    statement_timeout: timeoutMs,
    idle_in_transaction_session_timeout: timeoutMs,
    query_timeout: timeoutMs, // client side, for a server that no longer responds
  }
  const { queries, pool, close } = connect(config, measure)
  const refuse = nameColumns(queries)
  return {
    reader: queries,
    read: readThrough(queries),
    write: (work) => work(queries).catch(refuse),
    transact: (work) => queries.transaction().execute(work).catch(refuse),
    transactAlone: (work) => transactWithoutTimeout(url, timeoutMs, ALONE, work),
    dialect: POSTGRES_DIALECT,
    close,
    pool,
  }
}

/** Returns a PostgreSQL database that is only read. */
export function postgresSource(url: string, timeoutMs: number): Source {
  return {
    dialect: POSTGRES_DIALECT,
    readSnapshot: (work) => transactWithoutTimeout(url, timeoutMs, SNAPSHOT, work),
  }
}

const ALONE = [sql`begin`, sql`select pg_advisory_xact_lock(${SCHEMA_LOCK})`]
const SNAPSHOT = [sql`begin isolation level repeatable read, read only`]

/** Runs a transaction on its own connection, without a time limit for queries. */
async function transactWithoutTimeout<Result>(
  url: string,
  connectTimeoutMs: number,
  start: RawBuilder<unknown>[],
  work: (writer: Kysely<Schema>) => Promise<Result>,
): Promise<Result> {
  const { queries, close } = connect({
    connectionString: url,
    max: 1,
    connectionTimeoutMillis: connectTimeoutMs,
  })
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

function connect(config: pg.PoolConfig, measure?: MeasureQuery) {
  const pool = new pg.Pool({ ...config, types: { getTypeParser } })
  // The pool replaces broken connections. Without listeners, an error of a connection (idle or in use) would end the
  // process.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  const end = async () => {
    if (!pool.ending) await pool.end()
  }
  const dialect = new PostgresDialect({
    pool: {
      options: pool.options,
      connect: async () => adapt(await take(pool), measure),
      end,
    },
  })
  const queries = new Kysely<Schema>({ dialect })
  return {
    queries,
    pool,
    async close() {
      await queries.destroy()
      await end() // `destroy` does not close a pool that ran no query
    },
  }
}

async function take(pool: pg.Pool) {
  try {
    return await pool.connect()
  } catch (error) {
    throw translate(Object(error), '') // always an Error
  }
}

/**
 * Adapts a connection to the query builder. A failed connection is not used again, since the server may be about to
 * close it.
 */
function adapt(client: pg.PoolClient, measure?: MeasureQuery): PostgresPoolClient {
  let isBroken = false
  let failure: Error | undefined
  const query: unknown = async (text: string, values: readonly unknown[]) => {
    // On a broken connection, a rollback would also wait until the timeout.
    if (isBroken) throw failure
    const begin = performance.now()
    try {
      const result = await client.query(text, [...values])
      measure?.(text)?.((performance.now() - begin) / 1_000)
      return result
    } catch (error) {
      const cause: Error & { code?: string } = Object(error) // always an Error
      // Later queries of a failed transaction fail with the error of the first failed query.
      if (!failure || cause.code !== IN_FAILED_TRANSACTION) failure = translate(cause, text)
      isBroken = failure instanceof DatabaseUnavailable
      throw failure
    }
  }
  return {
    query: query as PostgresPoolClient['query'], // the type also has an overload for cursors, which are not used
    release: (discard) => client.release(discard || isBroken),
  }
}

/** Reads 64-bit integers as numbers: counts, ids and versions are at most 2^53 - 1. */
const getTypeParser: typeof pg.types.getTypeParser = (type, format) =>
  type === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(type, format)

const DISK_FULL = '53100'
const IN_FAILED_TRANSACTION = '25P02'

/**
 * Error codes of temporary conditions (postgresql.org/docs/current/errcodes-appendix.html): failed connection,
 * serialization failure, idle transaction, insufficient resources, lock timeout, server stopping or cancelling;
 * and of conditions that an operator has to fix.
 */
const UNAVAILABLE_CODES = /^(?:08|28|3D|40|53|55|57|58)|^25(?:006|P03)$/

function translate(error: Error & { code?: string }, statement: string): Error {
  const reason = `PostgreSQL: ${error.message || error.code}`
  if (error.code === DISK_FULL) return new DatabaseFull(reason, { cause: error })
  // Errors that the server did not send are network errors.
  if (!(error instanceof pg.DatabaseError) || UNAVAILABLE_CODES.test(String(error.code))) {
    return new DatabaseUnavailable(reason, { cause: error })
  }
  return violationOf(error, reason, statement) ?? error
}
