import type { User } from '../schemas/user.ts'
import type { Database } from './schema.ts'

export function createUserStore(database: Database) {
  return {
    /** Gives the user with this id, or undefined where there is none. */
    find(id: number): Promise<User | undefined> {
      return database.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst()
    },
  }
}
