import type { Generated } from 'kysely'
import type { Session } from '../../src/storage/database.ts'
import { createPageReader } from '../../src/storage/pagination.ts'
import type { VersionColumns } from '../../src/storage/schema.ts'
import { createVersionedRows, type Versioned } from '../../src/storage/versioned-rows.ts'
import { type User, userList } from './schema.ts'

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

export function createUserStore(session: Session) {
  const users = () =>
    session.reader.selectFrom('users').select([...COLUMNS, 'revision_nonce as revision'])
  return {
    ...createVersionedRows(
      { table: 'users', columns: COLUMNS, read: (user) => ({ user }) },
      session,
    ),

    /** Reads a page of users. */
    list: createPageReader({ table: 'users', list: userList, select: users }, session),
  }
}
