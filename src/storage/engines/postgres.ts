import type { Database, EngineOptions, OnWait, Source } from '../database.ts'
import { readSnapshot, transactAlone } from './postgres-alone.ts'
import { connect } from './postgres-connection.ts'
import { nameColumns } from './postgres-constraints.ts'
import { POSTGRES_DIALECT } from './postgres-dialect.ts'
import { readPostgresUrl } from './postgres-url.ts'

/**
 * Opens a pool of connections to PostgreSQL. The first query makes the first connection.
 *
 * @param options a query may take `timeoutMs`; waiting for a connection, or for a lock of another transaction, may take
 * half of this time
 */
export function openPostgres(
  url: string,
  { timeoutMs, connections, measure, onWait }: EngineOptions,
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
  const { queries, read, pool, close } = connect(address, config, limits, measure)
  const refuse = nameColumns(queries)
  return {
    reader: queries,
    read,
    write: (work) => work(queries).catch(refuse),
    transact: (work) => queries.transaction().execute(work).catch(refuse),
    transactAlone: (work) => transactAlone({ address, timeoutMs }, queries, onWait, work),
    dialect: POSTGRES_DIALECT,
    close,
    pool,
  }
}

/** Returns a PostgreSQL database that is only read. */
export function postgresSource(url: string, timeoutMs: number, onWait?: OnWait): Source {
  const address = readPostgresUrl(url)
  return {
    dialect: POSTGRES_DIALECT,
    readSnapshot: (work) => readSnapshot({ address, timeoutMs }, onWait, work),
  }
}
