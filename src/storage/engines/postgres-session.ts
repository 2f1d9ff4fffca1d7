/**
 * Time limits of queries, and the knowledge whether a connection keeps settings. A pooler such as PgBouncer in
 * transaction mode may run each transaction of a connection in another session of the server: settings, prepared
 * statements and locks must not outlast a transaction. So nothing is sent as a startup parameter, which poolers refuse.
 */
import pg from 'pg'

/** Connections of poolers. */
const pooled = new WeakSet<pg.ClientBase>()

/** Parameters of PostgreSQL that limit the time of queries. */
export interface TimeLimits {
  statement_timeout: number
  lock_timeout: number
  idle_in_transaction_session_timeout: number
}

/**
 * Sets the limits and settings of a new connection, unless it leads to a pooler: a pooler tells clients other process ids than
 * that of the session. Poolers that keep sessions are treated like the others.
 *
 * @param query_timeout time that the server may take, in milliseconds
 */
export async function startSession(
  client: pg.ClientBase,
  limits: TimeLimits,
  query_timeout = 0,
): Promise<void> {
  const { processID } = client as pg.ClientBase & { processID: number } // missing in the type
  const settings = settingsOf(limits).map(
    ([name, value]) => `set_config('${name}', '${value}', false)`,
  )
  const text = `select ${settings.join(', ')} where pg_backend_pid() = ${processID}`
  const { rowCount } = await client.query({ text, query_timeout } as pg.QueryConfig) // missing in the type
  if (rowCount === 0) pooled.add(client)
}

/**
 * Returns the names and values of the settings: the limits, and no compilation of queries (JIT). It takes longer than the
 * queries of a page, and the planner overestimates searches, since `words_vector` declares a high cost.
 */
function settingsOf(limits: TimeLimits): [string, string | number][] {
  return Object.entries({ ...limits, jit: 'off' })
}

/** Returns true if the session of a connection lasts, so that it may have settings and prepared statements. */
export function keepsSession(client: pg.ClientBase): boolean {
  return !pooled.has(client)
}

/** Returns the statements that set limits until the end of the transaction. */
export function setLocal(limits: TimeLimits): string {
  return settingsOf(limits)
    .map(([name, value]) => `set local ${name} = ${value}`)
    .join('; ')
}

/** Adds to the message of PgBouncer what to do about a parameter of the URL that it refuses. */
export function explainRefusal(message: string): string {
  return message.replace(
    /^unsupported startup parameter: options/,
    '$&: set it for the role instead (alter role … set search_path = …)',
  )
}

const BEGIN = /^(?:begin|start transaction)\b/

/** Runs a statement on a connection of a pooler: each transaction begins with the limits. */
export async function queryPooled(
  client: pg.ClientBase,
  limits: TimeLimits,
  text: string,
  values: unknown[],
): Promise<pg.QueryResult> {
  const begin = (start: string) => client.query(`${start}; ${setLocal(limits)}`)
  if (BEGIN.test(text)) return begin(text)
  if (client.getTransactionStatus() !== 'I') return client.query(text, values)
  await begin('begin')
  try {
    const result = await client.query(text, values)
    await client.query('commit')
    return result
  } catch (error) {
    // Not after a network error: the connection is then closed.
    if (error instanceof pg.DatabaseError) await client.query('rollback').catch(() => {})
    throw error
  }
}
