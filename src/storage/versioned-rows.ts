/**
 * Rows with versions, so that a write can name the version that its client has read. A version consists of the number
 * of changes and a random nonce. With the nonce, versions stay unique even if a later row gets the same id, or if a
 * restored backup returns a row to an earlier state.
 */
import { randomBytes } from 'node:crypto'
import type { Insertable } from 'kysely'
import type { Session, Write } from './database.ts'
import { ConstraintViolation } from './engines/failure.ts'
import {
  createKeyReader,
  type Key,
  type Row,
  type Table,
  VERSION_COLUMNS,
  type Version,
  valuesOf,
} from './row-keys.ts'
import type { Schema } from './schema.ts'

type Fields<Name extends Table> = Omit<Insertable<Schema[Name]>, 'id' | keyof Version>

/** A resource with its version, which is opaque. */
export type Versioned<Resource> = Resource & { version: string }

interface Mapping<
  Name extends Table,
  Column extends keyof Row<Name>,
  Resource,
  Scope extends keyof Row<Name>,
> {
  table: Name
  columns: readonly Column[]
  /** Columns with the ids of the parents. A row is found, changed and deleted only within its parents. */
  scope?: readonly Scope[]
  /**
   * Members of the resource by column, for errors that show a member. By default, the name of a member is that of its
   * column in camel case.
   */
  members?: Partial<Record<keyof Row<Name>, string>>
  /** Converts a row to a resource. */
  read(row: Pick<Row<Name>, Column>): Resource
}

/**
 * Maximum number of attempts to insert a row under a new id. More than one is only needed if the id is that of a row
 * whose id a client chose at the same time.
 */
const MAX_ATTEMPTS = 100

function newNonce(): string {
  return randomBytes(8).toString('hex')
}

/** Creates the functions that all stores of versioned rows share. */
export function createVersionedRows<
  Name extends Table,
  Column extends keyof Row<Name>,
  Resource,
  Scope extends keyof Row<Name> = never,
>(
  { table: name, columns, scope = [], members, read }: Mapping<Name, Column, Resource, Scope>,
  session: Session,
) {
  const write = members ? withMembers(session.write, members) : session.write
  const table: Table = name
  // The type of the query has only the columns that all versioned tables share.
  const selected = [...columns, ...VERSION_COLUMNS] as (keyof Version)[]
  const keys = createKeyReader({ table, scope, selected }, session)

  function versioned(row: Version | undefined): Versioned<Resource> | undefined {
    if (!row) return undefined
    const { version, revision_nonce: nonce, ...rest } = row
    // The cast holds because the query selects `columns` and the version columns.
    const resource = read(rest as object as Pick<Row<Name>, Column>)
    return { ...resource, version: nonce ? `${version}.${nonce}` : String(version) }
  }

  /** Inserts a row. If there is a row with the id, changes nothing and returns undefined. */
  async function insert(row: Fields<Name> & { id?: number }) {
    // The cast holds because `Fields<Name>` has the columns of `table`.
    const values = { ...row, revision_nonce: newNonce() } as Insertable<Schema[Table]>
    const inserted = await write((writer) =>
      writer
        .insertInto(table)
        .values(values)
        .onConflict((conflict) => conflict.column('id').doNothing())
        .returning(selected)
        .executeTakeFirst(),
    )
    return versioned(inserted)
  }

  return {
    /** Returns the resource with this key; undefined if there is none. */
    find: async (key: Key<Name, Scope>) => versioned(await keys.find(valuesOf(key))),

    /** Like `find`, for writes that may create the resource. Throws if a row within other parents has the id. */
    async findAt(key: Key<Name, Scope>) {
      const row = await keys.find(valuesOf(key))
      if (!row) await keys.requireScope(valuesOf(key))
      return versioned(row)
    },

    /**
     * Adds a resource under a new id.
     *
     * @throws {ConstraintViolation}
     */
    async create(fields: Fields<Name>): Promise<Versioned<Resource>> {
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        const created = await insert(fields)
        if (created) return created
      }
      throw new Error(
        `no row was inserted into ${name}: call dialect.countChosenIds for it in a migration, and have no trigger that skips rows`,
      )
    },

    /** Adds a resource under this key. If there is one, changes nothing and returns undefined. Throws like `findAt`. */
    async createAt(key: Key<Name, Scope>, fields: Omit<Fields<Name>, Scope>) {
      const values = valuesOf(key)
      // The cast holds because the key has the columns that `fields` lacks.
      const created = await insert({ ...fields, ...values } as Fields<Name> & { id: number })
      if (!created) await keys.requireScope(values)
      return created
    },

    /**
     * Changes a resource that has this version, in one statement. If the resource has another version or does not
     * exist, changes nothing and returns undefined.
     */
    async replace(key: Key<Name, Scope>, version: string, fields: Partial<Fields<Name>>) {
      const replaced = await write((writer) =>
        writer
          .updateTable(table)
          .set((row) => ({
            ...fields,
            version: row('version', '+', 1),
            revision_nonce: newNonce(),
          }))
          .where((row) => row.and({ ...valuesOf(key), ...parseVersion(version) }))
          .returning(selected)
          .executeTakeFirst(),
      )
      return versioned(replaced)
    },

    /** Deletes a resource if it has this version. Returns true if the resource was deleted. */
    async delete(key: Key<Name, Scope>, version: string): Promise<boolean> {
      const { numDeletedRows } = await write((writer) =>
        writer
          .deleteFrom(table)
          .where((row) => row.and({ ...valuesOf(key), ...parseVersion(version) }))
          .executeTakeFirst(),
      )
      return numDeletedRows > 0n
    },
  }
}

/** Returns a `Write` whose violations of constraints have the declared names of members. */
function withMembers(write: Write, members: ConstraintViolation['members']): Write {
  return async (work) => {
    try {
      return await write(work)
    } catch (error) {
      if (error instanceof ConstraintViolation) error.members = members
      throw error
    }
  }
}

function parseVersion(text: string): Version {
  const [version, nonce = ''] = text.split('.')
  return { version: Number(version), revision_nonce: nonce }
}
