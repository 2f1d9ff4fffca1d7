import { createArticleStore } from './articles.ts'
import { type Access, type Database, within } from './database.ts'
import { createIdempotencyKeyStore } from './idempotency.ts'
import { createMessageStore } from './messages.ts'
import { createUserStore } from './users.ts'

export type Stores = ReturnType<typeof createStores>

/** The stores, one a resource, and the keys of requests. Nobody else knows SQL. */
export function createStores(access: Access) {
  return {
    articles: createArticleStore(access),
    idempotencyKeys: createIdempotencyKeyStore(access),
    messages: createMessageStore(access),
    users: createUserStore(access),
  }
}

/** Runs work on the stores as one change: all of it or nothing. It must wait for nothing else. */
export function transact<Result>(
  database: Database,
  work: (stores: Stores) => Promise<Result>,
): Promise<Result> {
  return database.transact((transaction) => work(createStores(within(database, transaction))))
}
