/** Connections to PostgreSQL, adapted to the query builder. */
import { Kysely, PostgresDialect, type PostgresPoolClient } from 'kysely'
import pg from 'pg'
import { type MeasureQuery, readThrough } from '../database.ts'
import type { Schema } from '../schema.ts'
import { DatabaseFull, DatabaseUnavailable } from './failure.ts'
import { violationOf } from './postgres-constraints.ts'
import { createReader } from './postgres-reader.ts'
import {
  explainRefusal,
  keepsSession,
  queryPooled,
  startSession,
  type TimeLimits,
} from './postgres-session.ts'
import { refusesTls, type Tls } from './postgres-tls.ts'
import type { PostgresAddress } from './postgres-url.ts'

/** Opens a pool of connections. The first query makes the first connection. */
export function connect(
  { config, tls }: PostgresAddress,
  options: pg.PoolConfig,
  limits: TimeLimits,
  measure?: MeasureQuery,
) {
  const { connectionTimeoutMillis } = options
  const onConnect = (client: pg.ClientBase) => startSession(client, limits, connectionTimeoutMillis)
  const pool = new pg.Pool({
    ...config,
    ...options,
    ssl: tls[0],
    types: { getTypeParser },
    onConnect,
    pipeline: true,
  } as pg.PoolConfig) // the driver's types lack `pipeline`
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
      connect: async () => adapt(await take(pool, tls), limits, measure),
      end,
    },
  })
  const queries = new Kysely<Schema>({ dialect })
  return {
    queries,
    read: createReader({
      take: () => take(pool, tls),
      readAlone: readThrough(queries),
      translate,
      measure,
    }),
    pool,
    async close() {
      await queries.destroy()
      await end() // `destroy` does not close a pool that ran no query
    },
  }
}

/** Takes a connection of the pool. If the server refuses it with or without TLS, tries the next mode. */
async function take(pool: pg.Pool, tls: Tls[]): Promise<pg.PoolClient> {
  const tried = tls.indexOf(pool.options.ssl as Tls) // set by `connect`
  try {
    return await pool.connect()
  } catch (error) {
    const next = tls[tried + 1]
    if (next === undefined || !refusesTls(error)) throw translate(Object(error), '') // always an Error
    pool.options.ssl = next
    return take(pool, tls)
  }
}

/**
 * Adapts a connection to the query builder. A failed connection is not used again, since the server may be about to
 * close it.
 */
function adapt(
  client: pg.PoolClient,
  limits: TimeLimits,
  measure?: MeasureQuery,
): PostgresPoolClient {
  let isBroken = false
  let failure: Error | undefined
  const query: unknown = async (text: string, values: readonly unknown[]) => {
    // On a broken connection, a rollback would also wait until the timeout.
    if (isBroken) throw failure
    const begin = performance.now()
    try {
      const result = keepsSession(client)
        ? await client.query(text, [...values])
        : await queryPooled(client, limits, text, [...values])
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
  const reason = `PostgreSQL: ${explainRefusal(error.message) || error.code}`
  if (error.code === DISK_FULL) return new DatabaseFull(reason, { cause: error })
  // Errors that the server did not send are network errors.
  if (!(error instanceof pg.DatabaseError) || UNAVAILABLE_CODES.test(String(error.code))) {
    return new DatabaseUnavailable(reason, { cause: error })
  }
  return violationOf(error, reason, statement) ?? error
}
