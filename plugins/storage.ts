import { Gauge, type Registry } from '@prometheus-io/client'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { sql } from 'kysely'
import { type Static, Type } from 'typebox'
import { parseOptions } from '../src/plugin-options.ts'
import {
  type Database,
  type Session,
  type StoreFactory,
  transact,
} from '../src/storage/database.ts'
import { isUpToDate, migrate } from '../src/storage/migrations.ts'
import { fileOf, openDatabase } from '../src/storage/open-database.ts'

export const StorageOptions = Type.Object({
  url: Type.String({
    default: 'sqlite::memory:',
    description: 'sqlite:FILE, sqlite::memory: or postgres://USER:PASSWORD@HOST/DATABASE',
  }),
  timeoutMs: Type.Integer({
    minimum: 10,
    default: 1_000,
    description: 'Milliseconds that a query may take',
  }),
  connections: Type.Integer({
    minimum: 1,
    default: 10,
    description: 'Maximum number of PostgreSQL connections',
  }),
})
export type StorageOptions = Partial<Static<typeof StorageOptions>>

/** Options of the service, from its configuration. */
export const autoConfig = ({ config }: FastifyInstance): StorageOptions => config.storage

/**
 * Storage: what the tutorial keeps in dictionaries and in `./binary`.
 *
 * Opens the database, brings its schema up to date before the first request, and makes stores of it.
 * Routes know these alone: no SQL passes this door.
 */
export default fp(
  async (app, given: StorageOptions) => {
    const options = parseOptions('storage', StorageOptions, given)
    const { url, timeoutMs, connections } = options
    const engine = fileOf(url) === undefined ? 'postgresql' : 'sqlite'
    const database = await openDatabase(url, {
      timeout: timeoutMs,
      connections,
      measure: (sql) => app.metrics?.measureQuery(engine, sql) ?? ignoreDuration,
    })
    app.addHook('onClose', () => database.close())
    await migrate(database)
    app.decorate('store', (create) => create(database))
    app.decorate('transact', (work) => transact(database, work))
    // All plugins are registered by then; metrics and health are optional.
    app.addHook('onReady', async () => {
      if (database.pool && app.metrics) measurePool(database.pool, app.metrics.registry)
      app.addHealthCheck?.('database', async () => {
        await sql`select 1`.execute(database.reader)
        return true
      })
      app.addHealthCheck?.('migrations', () => isUpToDate(database.reader))
    })
  },
  { name: 'storage', fastify: '5.x' },
)

declare module 'fastify' {
  interface FastifyInstance {
    /** Makes a store of the database, as in `app.store(createBookStore)`. */
    store: <Store>(create: StoreFactory<Store>) => Store
    /** Runs work on stores that it makes as one change: all of it or nothing. It must wait for nothing else. */
    transact: <Result>(work: (access: Session) => Promise<Result>) => Promise<Result>
  }
}

/** For statements of the start, before metrics are registered, and without that plugin. */
function ignoreDuration() {}

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
