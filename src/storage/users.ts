import type { Generated } from 'kysely'
import type { User } from '../schemas/user.ts'
import type { Access } from './database.ts'
import { type Page, type PageRequest, readPage } from './page.ts'
import type { VersionColumns } from './schema.ts'
import { createVersionedRows, type Versioned } from './versions.ts'

declare module './schema.ts' {
  interface Schema {
    users: VersionColumns & {
      id: Generated<number>
      name: string
    }
  }
}

export type VersionedUser = Versioned<{ user: User }>

export type UserPageRequest = PageRequest<'id' | 'name'>

const COLUMNS = ['id', 'name'] as const

export function createUserStore(access: Access) {
  return {
    ...createVersionedRows(
      { table: 'users', columns: COLUMNS, read: (user) => ({ user }) },
      access,
    ),

    /** Gives a page of the users, or of those with this name. */
    list(request: UserPageRequest, name?: string): Promise<Page<User>> {
      let query = access.reader.selectFrom('users').select(COLUMNS)
      if (name !== undefined) query = query.where('name', '=', name)
      const column = request.field === 'id' ? undefined : request.field
      return readPage(access.read, query, { column, id: 'id' }, request)
    },
  }
}
