import type { Generated } from 'kysely'
import type { Session } from '../../src/storage/database.ts'
import { createPageReader, type Page, type PageRequest } from '../../src/storage/pagination.ts'
import type { VersionColumns } from '../../src/storage/schema.ts'
import { createVersionedRows, type Versioned } from '../../src/storage/versioned-rows.ts'
import type { User } from './schema.ts'

declare module '../../src/storage/schema.ts' {
  interface Schema {
    users: VersionColumns & {
      id: Generated<number>
      name: string
    }
  }
}

export type VersionedUser = Versioned<{ user: User }>

const COLUMNS = ['id', 'name'] as const

/** Columns of the sort fields; undefined for the id. */
const SORT_COLUMNS = { id: undefined, name: 'name' } as const

export function createUserStore(session: Session) {
  const users = () =>
    session.reader.selectFrom('users').select([...COLUMNS, 'revision_nonce as revision'])
  const readPage = createPageReader(session.read, SORT_COLUMNS, {
    all: () => ({ query: users() }),
    name: (name) => ({ query: users().where('name', '=', name) }),
  })
  return {
    ...createVersionedRows(
      { table: 'users', columns: COLUMNS, read: (user) => ({ user }) },
      session,
    ),

    /** Reads a page of users: all users, or only users with this name. */
    list(
      request: PageRequest<keyof typeof SORT_COLUMNS>,
      name?: string,
    ): Promise<Page<User & { revision: string }>> {
      return readPage(request, 'name', name)
    },
  }
}
