import { Gauge, type Registry } from '@prometheus-io/client'
import fp from 'fastify-plugin'
import { sql } from 'kysely'
import {
  type Access,
  type CreateStore,
  type Database,
  fileOf,
  openDatabase,
  transact,
} from '../src/storage/database.ts'
import { isUpToDate, migrate } from '../src/storage/migrations.ts'

/**
 * Storage: what the tutorial keeps in dictionaries and in `./binary`.
 *
 * Opens the database, brings its schema up to date before the first request, and makes stores of it.
 * Routes know these alone: no SQL passes this door.
 */
export default fp(
  async (app) => {
    const { DATABASE_URL, DATABASE_TIMEOUT, DATABASE_CONNECTIONS } = app.config
    const engine = fileOf(DATABASE_URL) === undefined ? 'postgresql' : 'sqlite'
    const database = await openDatabase(DATABASE_URL, {
      timeout: DATABASE_TIMEOUT,
      connections: DATABASE_CONNECTIONS,
      measure: (sql) => app.metrics.measureQuery(engine, sql),
    })
    if (database.pool) measurePool(database.pool, app.metrics.registry)
    app.addHook('onClose', () => database.close())
    await migrate(database)
    app.decorate('store', (create) => create(database))
    app.decorate('transact', (work) => transact(database, work))
    app.addReadinessCheck('database', async () => {
      await sql`select 1`.execute(database.reader)
      return true
    })
    app.addReadinessCheck('migrations', () => isUpToDate(database.reader))
  },
  { name: 'storage', dependencies: ['metrics', 'readiness'] },
)

declare module 'fastify' {
  interface FastifyInstance {
    /** Makes a store of the database, as in `app.store(createBookStore)`. */
    store: <Store>(create: CreateStore<Store>) => Store
    /** Runs work on stores that it makes as one change: all of it or nothing. It must wait for nothing else. */
    transact: <Result>(work: (access: Access) => Promise<Result>) => Promise<Result>
  }
}

function measurePool(pool: NonNullable<Database['pool']>, registry: Registry) {
  new Gauge({
    name: 'db_pool_connections',
    help: 'Connections to PostgreSQL, by whether they are in use',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      this.set({ state: 'idle' }, pool.idleCount)
      this.set({ state: 'used' }, pool.totalCount - pool.idleCount)
    },
  })
  new Gauge({
    name: 'db_pool_waiting',
    help: 'Transactions and statements that wait for a connection to PostgreSQL',
    registers: [registry],
    collect() {
      this.set(pool.waitingCount)
    },
  })
}
