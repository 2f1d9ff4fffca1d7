import { randomBytes } from 'node:crypto'
import type { CompiledQuery, Generated, Insertable, Selectable } from 'kysely'
import type { Session } from './database.ts'
import type { Schema, VersionColumns } from './schema.ts'

/** The tables whose rows have a version. */
type Table = {
  [Name in keyof Schema]: Schema[Name] extends VersionColumns & { id: Generated<number> }
    ? Name
    : never
}[keyof Schema]

type Row<Name extends Table> = Selectable<Schema[Name]>

/** The columns that this module writes itself. */
const VERSION_COLUMNS = ['version', 'incarnation'] as const
type Version = Pick<Row<Table>, (typeof VERSION_COLUMNS)[number]>

type Fields<Name extends Table> = Omit<Insertable<Schema[Name]>, 'id' | keyof Version>

/** A resource, and the version of it that this is. */
export type Versioned<Resource> = Resource & {
  /** Opaque: no other state of this resource, nor of another under its id, has the same. */
  version: string
}

/** How a resource is made out of a row of a table. */
interface Reading<Name extends Table, Column extends keyof Row<Name>, Resource> {
  table: Name
  columns: readonly Column[]
  read(row: Pick<Row<Name>, Column>): Resource
}

/** Tells a state from any other, in a database that was restored to an earlier one too. */
function draw(): string {
  return randomBytes(8).toString('hex')
}

/** Gives what the stores of versioned rows have in common. */
export function createVersionedRows<Name extends Table, Column extends keyof Row<Name>, Resource>(
  { table: name, columns, read }: Reading<Name, Column, Resource>,
  { reader, read: readRows, write }: Session,
) {
  const table: Table = name
  // the types of the queries are those of any such table, and tell what all of them have
  const selected = [...columns, ...VERSION_COLUMNS] as (keyof Version)[]

  function versioned(row: Version | undefined): Versioned<Resource> | undefined {
    if (!row) return undefined
    const { version, incarnation, ...rest } = row
    // these are `columns`, which are selected too
    const resource = read(rest as object as Pick<Row<Name>, Column>)
    return { ...resource, version: incarnation ? `${version}.${incarnation}` : String(version) }
  }

  /** Gives undefined, and changes nothing, where there is a row with this id. */
  async function insert(row: Fields<Name> & { id?: number }) {
    const inserted = await write((writer) =>
      writer
        .insertInto(table)
        .values({ ...row, incarnation: draw() })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .returning(selected)
        .executeTakeFirst(),
    )
    return versioned(inserted)
  }

  /** Compiled for the first that is looked for: to build a query takes longer than to run it. */
  let found: CompiledQuery<Version> | undefined

  return {
    /** Gives the resource with this id, or undefined where there is none. */
    async find(id: number) {
      found ??= reader.selectFrom(table).select(selected).where('id', '=', id).compile()
      const [row] = await readRows<Version>({ ...found, parameters: [id] })
      return versioned(row)
    },

    /** Adds a resource under a new id. */
    async create(fields: Fields<Name>): Promise<Versioned<Resource>> {
      // of what was given an id at this moment by someone else, PostgreSQL may not know yet
      for (;;) {
        const created = await insert(fields)
        if (created) return created
      }
    },

    /** Adds a resource under this id; gives undefined, and changes nothing, where there is one. */
    createAt(id: number, fields: Fields<Name>) {
      return insert({ id, ...fields })
    },

    /**
     * Changes a resource that still has this version: the comparison and the change are one
     * statement. Gives undefined, and changes nothing, where it has another version or is gone.
     */
    async replace(id: number, version: string, fields: Partial<Fields<Name>>) {
      const replaced = await write((writer) =>
        writer
          .updateTable(table)
          .set((row) => ({ ...fields, version: row('version', '+', 1), incarnation: draw() }))
          .where((row) => row.and({ id, ...columnsOf(version) }))
          .returning(selected)
          .executeTakeFirst(),
      )
      return versioned(replaced)
    },

    /** Deletes a resource that still has this version, and says whether it did, as `replace` does. */
    async delete(id: number, version: string): Promise<boolean> {
      const { numDeletedRows } = await write((writer) =>
        writer
          .deleteFrom(table)
          .where((row) => row.and({ id, ...columnsOf(version) }))
          .executeTakeFirst(),
      )
      return numDeletedRows > 0n
    },
  }
}

/** The columns that a version is made of. */
function columnsOf(text: string): Version {
  const [version, incarnation = ''] = text.split('.')
  return { version: Number(version), incarnation }
}
