/** Keys of versioned rows: the id, and the ids of the parents if rows are within others. */
import type { Generated, Kysely, Selectable } from 'kysely'
import { ConstraintViolation } from './engines/failure.ts'
import type { Schema, VersionColumns } from './schema.ts'

/** Tables with version columns. */
export type Table = {
  [Name in keyof Schema]: Schema[Name] extends VersionColumns & { id: Generated<number> }
    ? Name
    : never
}[keyof Schema]

export type Row<Name extends Table> = Selectable<Schema[Name]>

/** Identifies a row: its id, and in a table with a scope also the values of the scope's columns. */
export type Key<Name extends Table, Scope extends keyof Row<Name>> = [Scope] extends [never]
  ? number
  : { id: number } & Pick<Row<Name>, Scope>

/** Values of a key's columns. The type has only the column that all versioned tables share. */
export type KeyValues = { id: number }

export function valuesOf(key: unknown): KeyValues {
  // The cast holds because the type `Key` allows nothing else.
  return (typeof key === 'object' ? key : { id: key }) as KeyValues
}

/**
 * Checks that no row within other parents has the id, which a new row cannot have then.
 *
 * @throws {ConstraintViolation}
 */
export async function requireScope(
  reader: Kysely<Schema>,
  table: Table,
  columns: (keyof KeyValues)[],
  values: KeyValues,
): Promise<void> {
  const query = reader.selectFrom(table).select(columns).where('id', '=', values.id)
  const row = await query.executeTakeFirst()
  if (!row || columns.every((column) => row[column] === values[column])) return
  throw new ConstraintViolation(`${table} has this id within other parents`, {
    constraint: 'scope',
    columns: [],
    cause: undefined,
  })
}
