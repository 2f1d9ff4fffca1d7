/** Transactions without time limits: changes of the schema, and snapshots for backups. They exclude each other. */
import { setTimeout as delay } from 'node:timers/promises'
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { OnWait } from '../database.ts'
import type { Schema } from '../schema.ts'
import { connect } from './postgres-connection.ts'
import { SNAPSHOT_LOCK } from './postgres-dialect.ts'
import type { PostgresAddress } from './postgres-url.ts'

/** Key of the advisory lock for changes of the schema: the letters "rest". */
const SCHEMA_LOCK = 0x72_65_73_74

/** Time that an attempt waits for the advisory lock, which delays no query of others. */
const SCHEMA_LOCK_MS = 3_000

/** Time between two attempts. */
const RETRY_MS = 2_000

/** Time between two calls of `onWait` while a snapshot waits for a migration. */
const REPORT_INTERVAL_MS = 3_000

/** No time limits. They replace the limits of the role and of the URL. */
const NO_LIMITS = {
  statement_timeout: 0,
  lock_timeout: 0,
  idle_in_transaction_session_timeout: 0,
}

type Work<Result> = (connection: Kysely<Schema>) => Promise<Result>

/** Options of the connections. */
interface Options {
  address: PostgresAddress
  /** Time limit of the queries of the service, in milliseconds. */
  timeoutMs: number
}

/**
 * Runs a transaction while no other process runs `transactAlone`. While an attempt waits for a lock of a table, all
 * queries of this table queue behind it. So an attempt that waits longer than a fraction of their time limit is undone
 * and repeated, and `work` may run several times.
 *
 * @param monitor another connection, to find out what an attempt waits for
 */
export async function transactAlone<Result>(
  { address, timeoutMs }: Options,
  monitor: Kysely<Schema>,
  onWait: OnWait | undefined,
  work: Work<Result>,
): Promise<Result> {
  const attempt: Work<Result> = async (connection) => {
    await sql`set local application_name = 'migration'`.execute(connection)
    await sql`set local lock_timeout = ${sql.lit(SCHEMA_LOCK_MS)}`.execute(connection)
    await sql`select pg_advisory_xact_lock(${SCHEMA_LOCK})`.execute(connection)
    await sql`set local lock_timeout = ${sql.lit(Math.ceil(timeoutMs / 5))}`.execute(connection)
    return work(connection)
  }
  for (;;) {
    try {
      return await withConnections(address, timeoutMs, (queries) =>
        transact(queries, sql`begin`, attempt),
      )
    } catch (error) {
      if (!isLockTimeout(error)) throw error
      onWait?.(await describeWait(monitor))
      await delay(RETRY_MS)
    }
  }
}

/**
 * Runs the callback `work` on a snapshot, during which no migration runs. The lock needs a transaction of its own: in
 * the transaction of the snapshot, waiting for the lock would already take the snapshot, in which tables that the
 * migration rewrites are empty.
 */
export function readSnapshot<Result>(
  { address, timeoutMs }: Options,
  onWait: OnWait | undefined,
  work: Work<Result>,
): Promise<Result> {
  return withConnections(address, timeoutMs, (queries) =>
    transact(queries, sql`begin`, async (holder) => {
      await sql`set local application_name = 'backup'`.execute(holder)
      const timer = setInterval(() => onWait?.('a migration'), REPORT_INTERVAL_MS)
      try {
        await sql`select pg_advisory_xact_lock_shared(${SNAPSHOT_LOCK})`.execute(holder)
      } finally {
        clearInterval(timer)
      }
      return transact(queries, sql`begin isolation level repeatable read, read only`, work)
    }),
  )
}

async function withConnections<Result>(
  address: PostgresAddress,
  connectionTimeoutMillis: number,
  work: Work<Result>,
): Promise<Result> {
  const { queries, close } = connect(address, { max: 2, connectionTimeoutMillis }, NO_LIMITS)
  try {
    return await work(queries)
  } finally {
    await close()
  }
}

/** Runs a transaction. After a failure, closing the connection undoes it. */
function transact<Result>(
  queries: Kysely<Schema>,
  begin: RawBuilder<unknown>,
  work: Work<Result>,
): Promise<Result> {
  return queries.connection().execute(async (connection) => {
    await begin.execute(connection)
    const result = await work(connection)
    await sql`commit`.execute(connection)
    return result
  })
}

const LOCK_NOT_AVAILABLE = '55P03'

function isLockTimeout(error: unknown): boolean {
  const { code, cause } = Object(error)
  return code === LOCK_NOT_AVAILABLE || (cause !== undefined && isLockTimeout(cause))
}

/** Describes what an attempt waited for: a lock, which the oldest transaction probably has. */
async function describeWait(monitor: Kysely<Schema>): Promise<string> {
  const { rows } = await sql<{ pid: number; name: string; seconds: number }>`
    select pid, coalesce(nullif(application_name, ''), usename) as name,
      extract(epoch from now() - xact_start)::int as seconds
    from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null
    order by xact_start limit 1
  `.execute(monitor)
  const holders = rows.map(
    ({ pid, name, seconds }) =>
      `probably of PostgreSQL's process ${pid} (${name}), whose transaction began ${seconds} s ago`,
  )
  return ['a lock', ...holders].join(', ')
}
