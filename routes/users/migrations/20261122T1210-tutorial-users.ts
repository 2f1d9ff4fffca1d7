import type { Kysely } from 'kysely'

export const minVersion = '0.1.0'

/** The table as this migration finds it. */
interface Tables {
  users: { id: number; name: string }
}

/** The tutorial's users. A migration runs once, so they stay deleted if a client deletes them. */
export async function up(db: Kysely<Tables>): Promise<void> {
  await db
    .insertInto('users')
    .values([
      { id: 1, name: 'john' },
      { id: 2, name: 'steve' },
      { id: 3, name: 'bill' },
    ])
    .execute()
}
