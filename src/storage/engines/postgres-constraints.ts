/** Constraints of PostgreSQL, whose errors have the name of the constraint. */
import { type Kysely, sql } from 'kysely'
import type { DatabaseError } from 'pg'
import type { Schema } from '../schema.ts'
import { type Constraint, ConstraintViolation } from './failure.ts'
import { changeOf } from './statement.ts'

/** Error codes (postgresql.org/docs/current/errcodes-appendix.html). */
const CONSTRAINTS: Record<string, Constraint> = {
  '23001': 'referenced', // `on delete restrict`, from PostgreSQL 18 on
  '23502': 'not null',
  '23503': 'reference',
  '23505': 'unique',
  '23514': 'check',
  '23P01': 'unique', // exclusion constraint
}

/** Returns the violation that an error reports; undefined for other errors. `nameColumns` adds the columns. */
export function violationOf(
  error: DatabaseError,
  reason: string,
  statement: string,
): ConstraintViolation | undefined {
  const constraint = CONSTRAINTS[String(error.code)]
  if (!constraint) return undefined
  const change = changeOf(statement)
  // The error of a foreign key names the table with the key, whichever of the two tables the statement changes.
  const isReferenced = change && (change.isDeletion || change.table !== error.table)
  return new ConstraintViolation(reason, {
    constraint: constraint === 'reference' && isReferenced ? 'referenced' : constraint,
    columns: error.column === undefined ? [] : [error.column],
    cause: error,
  })
}

/**
 * Returns a function that looks up the columns of a violated constraint, and throws the error again. The lookup needs a
 * connection without a failed transaction.
 */
export function nameColumns(db: Kysely<Schema>) {
  return async (error: unknown): Promise<never> => {
    const isUnnamed = error instanceof ConstraintViolation && error.columns.length === 0
    // Without the lookup, the client gets the status without the members.
    if (isUnnamed) await addColumns(db, error).catch(() => {})
    throw error
  }
}

async function addColumns(db: Kysely<Schema>, violation: ConstraintViolation) {
  const { schema, table, constraint } = violation.cause as DatabaseError // see `violationOf`
  const { rows } = await sql<{ name: string; isDeferred: boolean }>`
    select field.attname as name, coalesce(rule.condeferred, false) as "isDeferred"
    from pg_class item
    join pg_namespace space on space.oid = item.relnamespace
    join pg_attribute field on field.attrelid = item.oid and field.attnum > 0
    left join pg_constraint rule on rule.conrelid = item.oid and rule.conname = ${constraint}
    left join pg_index key on key.indrelid = item.oid
      and key.indexrelid = to_regclass(format('%I.%I', space.nspname, ${constraint}::text))
    where space.nspname = ${schema} and item.relname = ${table} and (
      field.attnum = any(rule.conkey) or exists (
        select from generate_series(1, key.indnkeyatts) position
        where pg_get_indexdef(key.indexrelid, position, true) ~ ('\\m' || field.attname || '\\M')
      )
    )
    order by field.attnum
  `.execute(db)
  if (violation.constraint === 'referenced' || violation.constraint === 'reference') {
    // A deferred constraint fails at the commit, which does not show what the transaction has changed.
    if (rows[0]?.isDeferred) violation.constraint = 'reference'
    if (rows[0]?.isDeferred || violation.constraint === 'referenced') return
  }
  violation.columns = rows.map(({ name }) => name)
}
