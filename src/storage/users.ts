import type { User } from '../schemas/user.ts'
import type { Access } from './database.ts'
import { type Page, type PageRequest, readPage } from './page.ts'

export type UserPageRequest = PageRequest<'id' | 'name'>

export function createUserStore({ reader }: Access) {
  return {
    /** Gives a page of the users, or of those with this name. */
    list(request: UserPageRequest, name?: string): Promise<Page<User>> {
      let query = reader.selectFrom('users').select(['id', 'name'])
      if (name !== undefined) query = query.where('name', '=', name)
      const column = request.field === 'id' ? undefined : request.field
      return readPage(query, { column, id: 'id' }, request)
    },

    /** Gives the user with this id, or undefined where there is none. */
    find(id: number): Promise<User | undefined> {
      return reader.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst()
    },
  }
}
