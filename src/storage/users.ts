import type { User } from '../schemas/user.ts'
import type { Access } from './database.ts'

export function createUserStore({ reader }: Access) {
  return {
    /** Gives the user with this id, or undefined where there is none. */
    find(id: number): Promise<User | undefined> {
      return reader.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst()
    },
  }
}
