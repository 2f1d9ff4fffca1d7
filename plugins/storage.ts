import fp from 'fastify-plugin'
import { createArticleStore } from '../src/storage/articles.ts'
import { migrate, openDatabase } from '../src/storage/database.ts'
import { createMessageStore } from '../src/storage/messages.ts'
import { createUserStore } from '../src/storage/users.ts'

/**
 * Storage: what the tutorial keeps in dictionaries and in `./binary`.
 *
 * Opens the database, brings its schema up to date before the first request, and decorates the
 * stores. Routes know these alone: no SQL passes this door.
 */
export default fp(
  async (app) => {
    const database = openDatabase(app.config.DATABASE_URL)
    app.addHook('onClose', () => database.destroy())
    await migrate(database)
    app.decorate('stores', {
      articles: createArticleStore(database),
      messages: createMessageStore(database),
      users: createUserStore(database),
    })
  },
  { name: 'storage' },
)

declare module 'fastify' {
  interface FastifyInstance {
    stores: {
      articles: ReturnType<typeof createArticleStore>
      messages: ReturnType<typeof createMessageStore>
      users: ReturnType<typeof createUserStore>
    }
  }
}
