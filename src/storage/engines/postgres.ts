import {
  Kysely,
  PostgresDialect,
  type PostgresPoolClient,
  type QueryExecutorProvider,
  type RawBuilder,
  sql,
} from 'kysely'
import pg from 'pg'
import { type Database, type Measure, readThrough, type Source } from '../database.ts'
import type { Schema } from '../schema.ts'
import type { Dialect } from './dialect.ts'
import { DatabaseFull, DatabaseUnavailable } from './failure.ts'
import { POSTGRES_CATALOGUE } from './postgres-catalogue.ts'

/** Names the lock that one process at a time holds to change the schema: the letters "rest". */
const SCHEMA_LOCK = 0x72_65_73_74

/** The words of a row, as they are indexed. */
const WORDS = sql`words_vector(words)`

const DIALECT: Dialect = {
  integer: 'bigint',
  text: sql`text collate "C"`,
  bytes: 'bytea',
  counted: (column) => column.primaryKey().generatedByDefaultAsIdentity(),
  countOn,
  indexWords,
  searchFor: (words) => words.map((word) => `'${word}'`).join(' & '),
  /**
   * The search is finished (`offset 0`) before its first page is taken. The planner would else go through
   * the rows in the order of their ids, and for words that only the last ones have through all of them.
   */
  withWords: (query, table, search) => {
    const matches = sql`${WORDS} @@ ${search}::tsquery`
    return query.innerJoin(
      sql`(select id as found_id from ${sql.table(table)} where ${matches} offset 0)`.as('found'),
      (join) => join.on(sql`found.found_id`, '=', sql.ref(`${table}.id`)),
    )
  },
  searchedId: 'found.found_id',
  tryLock,
  skipLocked: sql`for update skip locked`,
  async findNamespace(db) {
    const query = sql<{ name: string | null }>`select current_schema() as name`
    const name = (await query.execute(db)).rows[0]?.name
    // or the tables of another name space would be taken for ours
    if (!name) throw new Error('no schema that search_path names is there')
    return name
  },
  catalogue: POSTGRES_CATALOGUE,
}

/**
 * Opens a pool of connections to PostgreSQL; none is made before the first query.
 *
 * @param timeout how long a query may take, in milliseconds; waiting for a connection, or for a lock
 * that another transaction holds, may take half of that.
 * @param connections the most there may be.
 */
export function openPostgres(
  url: string,
  timeout: number,
  connections: number,
  measure?: Measure,
): Database {
  const config = {
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: timeout / 2,
    lock_timeout: timeout / 2,
    statement_timeout: timeout,
    idle_in_transaction_session_timeout: timeout,
    query_timeout: timeout, // of the client, for a server that is gone without a word
  }
  const { queries, pool, close } = connect(config, measure)
  return {
    reader: queries,
    read: readThrough(queries),
    write: (work) => work(queries),
    transact: (work) => queries.transaction().execute(work),
    transactAlone: (work) => transactUnhurried(url, timeout, ALONE, work),
    dialect: DIALECT,
    close,
    pool,
  }
}

/**
 * Each word is taken as it is: the parsers of PostgreSQL would take them apart. What the function is
 * said to cost keeps the planner from calling it for row after row, in place of looking into the index.
 */
async function indexWords(db: QueryExecutorProvider, table: string) {
  await sql`
    create or replace function words_vector(words text) returns tsvector
    language plpgsql immutable strict parallel safe cost 10000 as $$
    begin
      return array_to_tsvector(string_to_array(words, ' '));
    end $$
  `.execute(db)
  const index = sql.id(`${table}_by_words`)
  await sql`create index ${index} on ${sql.table(table)} using gin (${WORDS})`.execute(db)
}

/** A sequence knows nothing of ids that were chosen: a trigger tells it, one such id at a time. */
async function countOn(db: QueryExecutorProvider, table: string) {
  const sequence = sql.lit(`${table}_id_seq`)
  const name = sql.id(`count_${table}`)
  await sql`
    create function ${name}() returns trigger language plpgsql as $$
    begin
      if new.id > (select last_value from ${sql.id(`${table}_id_seq`)}) then
        perform pg_advisory_xact_lock(tg_relid::bigint);
        perform setval(${sequence}, greatest(new.id, last_value)) from ${sql.id(`${table}_id_seq`)};
      end if;
      return null;
    end $$
  `.execute(db)
  await sql`
    create trigger ${name} after insert on ${sql.id(table)}
    for each row execute function ${name}()
  `.execute(db)
}

/**
 * Takes an advisory lock, which nobody waits for, of the name within its schema. A transaction lets go
 * of it once what it wrote can be seen: who gets it next, and looks in another statement, sees that.
 */
async function tryLock(transaction: QueryExecutorProvider, name: string): Promise<boolean> {
  const { rows } = await sql<{ isLocked: boolean }>`
    select pg_try_advisory_xact_lock(
      hashtextextended(current_schema() || ' ' || ${name}::text, 0)
    ) as "isLocked"
  `.execute(transaction)
  return rows[0]?.isLocked === true
}

/** A database of PostgreSQL to read from. */
export function postgresSource(url: string, timeout: number): Source {
  return {
    dialect: DIALECT,
    readSnapshot: (work) => transactUnhurried(url, timeout, SNAPSHOT, work),
  }
}

const ALONE = [sql`begin`, sql`select pg_advisory_xact_lock(${SCHEMA_LOCK})`]
const SNAPSHOT = [sql`begin isolation level repeatable read, read only`]

/** Runs a transaction on a connection of its own, whose queries may take as long as they need. */
async function transactUnhurried<Result>(
  url: string,
  timeout: number,
  start: RawBuilder<unknown>[],
  work: (writer: Kysely<Schema>) => Promise<Result>,
): Promise<Result> {
  const { queries, close } = connect({
    connectionString: url,
    max: 1,
    connectionTimeoutMillis: timeout,
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

function connect(config: pg.PoolConfig, measure?: Measure) {
  const pool = new pg.Pool({ ...config, types: { getTypeParser } })
  // a connection that breaks is replaced: without these listeners, for an idle one and for one in use,
  // the process would end
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
      // which leaves open what had no query
      await end()
    },
  }
}

async function take(pool: pg.Pool) {
  try {
    return await pool.connect()
  } catch (error) {
    throw translate(Object(error)) // errors are all that it throws
  }
}

/**
 * Gives a connection the shape that the query builder asks for. One that failed is not used again: the
 * server may be about to close it.
 */
function adapt(client: pg.PoolClient, measure?: Measure): PostgresPoolClient {
  let isBroken = false
  let failure: Error | undefined
  const query: unknown = async (text: string, values: readonly unknown[]) => {
    // to roll back on a connection that does not answer would take as long again
    if (isBroken) throw failure
    const begin = performance.now()
    try {
      const result = await client.query(text, [...values])
      measure?.(text)((performance.now() - begin) / 1_000)
      return result
    } catch (error) {
      const cause: Error & { code?: string } = Object(error) // errors are all that it throws
      // what is asked of a transaction that has failed fails for the same reason
      if (!failure || cause.code !== IN_FAILED_TRANSACTION) failure = translate(cause)
      isBroken = failure instanceof DatabaseUnavailable
      throw failure
    }
  }
  return {
    query: query as PostgresPoolClient['query'], // there are no cursors, its other kind of query
    release: (discard) => client.release(discard || isBroken),
  }
}

/** Counts, ids and versions are as large as JSON carries them. */
const getTypeParser: typeof pg.types.getTypeParser = (type, format) =>
  type === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(type, format)

const DISK_FULL = '53100'
const IN_FAILED_TRANSACTION = '25P02'

/**
 * Conditions that pass (postgresql.org/docs/current/errcodes-appendix.html): the connection failed,
 * the transaction lost to another or was idle for too long, resources are short, a lock was not to be
 * had, the server is stopped or cancels; and those that an operator mends.
 */
const UNAVAILABLE = /^(?:08|28|3D|40|53|55|57|58)|^25(?:006|P03)$/

function translate(error: Error & { code?: string }): Error {
  const reason = `PostgreSQL: ${error.message || error.code}`
  if (error.code === DISK_FULL) return new DatabaseFull(reason, { cause: error })
  // what is no answer of the server's is trouble on the way to it
  if (!(error instanceof pg.DatabaseError) || UNAVAILABLE.test(String(error.code))) {
    return new DatabaseUnavailable(reason, { cause: error })
  }
  return error
}
