/** Keys of versioned rows: the id, and the ids of the parents if rows are within others. */
import type { CompiledQuery, Generated, Selectable } from 'kysely'
import type { Session } from './database.ts'
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

export const VERSION_COLUMNS = ['version', 'revision_nonce'] as const
export type Version = Pick<Row<Table>, (typeof VERSION_COLUMNS)[number]>

interface Source {
  table: Table
  scope: readonly PropertyKey[]
  /** Columns of the result. The type has only those that all versioned tables share. */
  selected: (keyof Version)[]
}

/** Creates the functions that read a row by its key. */
export function createKeyReader({ table, scope, selected }: Source, { reader, read }: Session) {
  const columns = ['id', ...scope] as (keyof KeyValues)[]
  /** Compiled once, since building a query takes longer than running it. */
  let query: CompiledQuery<Version> | undefined

  return {
    /** Returns the row with this key; undefined if there is none. */
    async find(values: KeyValues): Promise<Version | undefined> {
      query ??= columns
        .reduce(
          (all, column) => all.where(column, '=', 0),
          reader.selectFrom(table).select(selected),
        )
        .compile()
      const parameters = columns.map((column) => values[column])
      const [row] = await read<Version>({ ...query, parameters }, { hasOnePlan: true })
      return row
    },

    /**
     * Checks that no row within other parents has the id, which a new row cannot have then.
     *
     * @throws {ConstraintViolation}
     */
    async requireScope(values: KeyValues): Promise<void> {
      const rows = reader.selectFrom(table).select(columns).where('id', '=', values.id)
      const row = await rows.executeTakeFirst()
      if (!row || columns.every((column) => row[column] === values[column])) return
      throw new ConstraintViolation(`${table} has this id within other parents`, {
        constraint: 'scope',
        columns: [],
        cause: undefined,
      })
    },
  }
}
