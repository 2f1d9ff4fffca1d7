/**
 * Constraints of SQLite. Its errors name the columns of unique keys and of `not null`, but only the name or the text of
 * a check, and nothing of a foreign key. The missing names are looked up after a failure, so that writes that succeed
 * cost nothing.
 */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import { type Constraint, ConstraintViolation } from './failure.ts'
import { changeOf, returningAll } from './statement.ts'

/** Extended result codes (sqlite.org/rescode.html). */
const CONSTRAINTS: Record<number, Constraint> = {
  275: 'check',
  787: 'reference',
  1299: 'not null',
  1555: 'unique', // primary key
  1811: 'referenced', // `on delete restrict`, and errors that a trigger raises
  2067: 'unique',
  2579: 'unique', // rowid
}

/** A statement with the values of its parameters. */
export interface Statement {
  database: DatabaseSync
  sql: string
  parameters: readonly unknown[]
}

type Location = Pick<ConstraintViolation, 'constraint' | 'columns'>

/** Returns the violation that an error of SQLite reports; undefined for other errors. */
export function violationOf(statement: Statement, error: unknown): ConstraintViolation | undefined {
  const { errcode, message } = Object(error)
  const constraint = CONSTRAINTS[errcode]
  if (!constraint || !/ constraint failed\b/.test(message)) return undefined
  let location: Location = { constraint, columns: [] }
  try {
    location = locate(statement, constraint, String(message))
  } catch {
    // The client then gets the status without the members.
  }
  return new ConstraintViolation(`SQLite: ${message}`, { ...location, cause: error })
}

function locate(statement: Statement, constraint: Constraint, message: string): Location {
  if (constraint === 'referenced') return { constraint, columns: [] }
  if (constraint === 'reference') return locateReference(statement)
  const { database } = statement
  const subject = message.slice(message.indexOf(': ') + 2)
  const expression =
    constraint === 'check'
      ? checkOf(statement, subject)
      : (indexOf(database, subject) ?? columnsNamedIn(subject))
  return { constraint, columns: columnsIn(database, expression) }
}

/** Text that has names of columns of a table. */
interface Expression {
  table: string
  text: string
}

/** Reads the columns that an error names: `table.a, table.b`. */
function columnsNamedIn(subject: string): Expression {
  const names = subject.split(', ').map((name) => name.split('.'))
  return { table: String(names[0]?.[0]), text: names.map(([, column]) => column).join(' ') }
}

/** Finds the indexed expressions of a unique index, which an error names: `index 'name'`. */
function indexOf(database: DatabaseSync, subject: string): Expression | undefined {
  const [, name] = /^index '(.+)'$/.exec(subject) ?? []
  if (name === undefined) return undefined
  const { table, sql } = Object(
    database.prepare('select tbl_name as "table", sql from sqlite_schema where name = ?').get(name),
  )
  return { table, text: parenthesizedIn(String(sql), 0) }
}

/** Finds the expression of a check. An error has the name of the check, or the expression itself without a name. */
function checkOf({ database, sql }: Statement, subject: string): Expression {
  const table = String(changeOf(sql)?.table)
  const definition = String(
    database.prepare('select sql from sqlite_schema where name = ?').get(table)?.sql,
  )
  const check = new RegExp(`constraint\\s+\\W?${RegExp.escape(subject)}\\W?\\s+check`, 'i')
  const start = definition.search(check)
  return { table, text: start < 0 ? subject : parenthesizedIn(definition, start) }
}

/** Returns the first text in parentheses after a position. */
function parenthesizedIn(sql: string, start: number): string {
  let depth = 0
  const text = sql.slice(start)
  const end = text.matchAll(/'[^']*'|[()]/g).find(([token]) => {
    if (token === '(') depth++
    return token === ')' && --depth === 0
  })
  return text.slice(0, end?.index)
}

/** Returns the columns that an expression names, in the order of the table. */
function columnsIn(database: DatabaseSync, { table, text }: Expression): string[] {
  const words = new Set(text.replace(/'[^']*'/g, '').match(/[\p{L}\p{N}_$]+/gu))
  return database
    .prepare('select name from pragma_table_xinfo(?) order by cid')
    .all(table)
    .map(({ name }) => String(name))
    .filter((name) => words.has(name))
}

/** Finds the foreign key that a statement breaks. If there is none, other rows refer to the row that it changes. */
function locateReference(statement: Statement): Location {
  const change = changeOf(statement.sql)
  if (!change) return { constraint: 'reference', columns: [] }
  const columns = change.isDeletion ? undefined : findBrokenKey(statement, change.table)
  return columns ? { constraint: 'reference', columns } : { constraint: 'referenced', columns: [] }
}

/** Repeats a statement without its foreign keys, compares the rows with the tables that they refer to, and undoes it. */
function findBrokenKey(
  { database, sql, parameters }: Statement,
  table: string,
): string[] | undefined {
  const keys = foreignKeysOf(database, table)
  database.exec('savepoint repeated; pragma defer_foreign_keys = on')
  try {
    const bound = parameters as SQLInputValue[] // the statement has already run with these values
    for (const row of database.prepare(returningAll(sql)).all(...bound)) {
      const broken = keys.find(({ columns, findParent }) => {
        const values = columns.map((column) => row[column] as SQLInputValue) // `returning *`
        return !values.includes(null) && !database.prepare(findParent).get(...values)
      })
      if (broken) return columnsIn(database, { table, text: broken.columns.join(' ') })
    }
    return undefined
  } finally {
    database.exec('rollback to repeated; release repeated; pragma defer_foreign_keys = off')
  }
}

/** Lists the foreign keys of a table in the order of their definition, with queries that find the row referred to. */
function foreignKeysOf(database: DatabaseSync, table: string) {
  const rows = database
    .prepare(
      `select key.id, key."table" as parent, key."from" as "column", coalesce(key."to",
        (select name from pragma_table_info(key."table") where pk = key.seq + 1)) as target
      from pragma_foreign_key_list(?) key order by key.id desc, key.seq`,
    )
    .all(table)
  return [...Map.groupBy(rows, ({ id }) => id).values()].map((parts) => ({
    columns: parts.map(({ column }) => String(column)),
    findParent: `select 1 from "${parts[0]?.parent}" where ${parts
      .map(({ target }) => `"${target}" = ?`)
      .join(' and ')}`,
  }))
}
