/**
 * Storage: opens the database, applies the pending migrations before the first request or waits for them, and creates
 * stores. Only stores and migrations contain SQL.
 */
import { statSync } from 'node:fs'
import { Gauge, type Registry } from '@prometheus-io/client'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { sql } from 'kysely'
import { type Static, Type } from 'typebox'
import { isUnsafe } from '../src/http/route-info.ts'
import { parseOptions } from '../src/plugin-options.ts'
import { addProblemResponses } from '../src/schemas/responses.ts'
import {
  type Database,
  type Session,
  type StoreFactory,
  transact,
} from '../src/storage/database.ts'
import type { StoredList } from '../src/storage/list.ts'
import { checkLists } from '../src/storage/list-indexes.ts'
import { isUpToDate, latestOf, readMigrationState } from '../src/storage/migration-state.ts'
import { migrate, waitForMigrations } from '../src/storage/migrations.ts'
import { fileOf, openDatabase } from '../src/storage/open-database.ts'

export const StorageOptions = Type.Object({
  url: Type.String({
    default: 'sqlite::memory:',
    description: 'sqlite:FILE, sqlite::memory: or postgres://USER:PASSWORD@HOST/DATABASE.',
  }),
  timeoutMs: Type.Integer({
    default: 1_000,
    minimum: 10,
    maximum: 60_000,
    description:
      'Milliseconds that a database query may take; after that, the client gets 503 with ' +
      'Retry-After.',
  }),
  connections: Type.Integer({
    default: 10,
    minimum: 1,
    maximum: 1_000,
    description: 'Maximum number of PostgreSQL connections of this process.',
  }),
  migrate: Type.Enum(['auto', 'check'], {
    default: 'auto',
    description:
      'auto applies the pending migrations at the start. check waits at the start until ' +
      '"npm run db -- migrate" has applied them, for example as a job before a rollout.',
  }),
})
export type StorageOptions = Partial<Static<typeof StorageOptions>>
export const autoConfig = ({ config }: FastifyInstance): StorageOptions => config.storage

declare module 'fastify' {
  interface FastifyInstance {
    /** Creates a store of the database, as in `app.store(createBookStore)`. */
    store: <Store>(create: StoreFactory<Store>) => Store
    /** Runs the callback `work` in one transaction. `work` must not await anything except database queries. */
    transact: <Result>(work: (session: Session) => Promise<Result>) => Promise<Result>
  }
}

async function storage(app: FastifyInstance, options: StorageOptions) {
  const {
    url,
    timeoutMs,
    connections,
    migrate: mode,
  } = parseOptions('storage', StorageOptions, options)
  const onWait = (reason: string) => app.log.warn({ reason }, 'the start waits for the database')
  const engine = fileOf(url) === undefined ? 'postgresql' : 'sqlite'
  const database = await openDatabase(url, {
    timeoutMs,
    connections,
    // Queries are not measured without the metrics plugin, or before its registration.
    measure: (sql) => app.metrics?.measureQuery(engine, sql),
    onWait,
  })
  app.addHook('onClose', () => database.close())
  if (mode === 'auto') await migrate(database)
  else await waitForMigrations(database, onWait)
  await logUnknownMigrations(database, app.log)
  const scopes = new WeakSet<FastifyInstance>()
  const lists: StoredList[] = []
  app.decorate('store', function (this: FastifyInstance, create) {
    scopes.add(this)
    return create({ ...database, onList: (list) => void lists.push(list) })
  })
  // Routes in a scope that has created a store can return database errors. Writes can break a constraint: 409 and 422.
  app.addHook('onRoute', function (this: FastifyInstance, route) {
    if (!scopes.has(this)) return
    const ofWrites = route.schema?.body ? [409, 422, 507] : [409, 507]
    addProblemResponses(route, 503, ...(isUnsafe(route) ? ofWrites : []))
  })
  app.decorate('transact', (work) => transact(database, work))
  // In onReady, since the optional metrics and health plugins may be registered later than this one.
  app.addHook('onReady', async () => {
    await checkLists(database, lists)
    if (app.metrics) measure(database, app.metrics.registry)
    app.addHealthCheck?.('database', async () => {
      await sql`select 1`.execute(database.reader)
      database.file?.requireWritable()
      return true
    })
    app.addHealthCheck?.('migrations', () => isUpToDate(database.reader))
  })
}

/** Logs that a later version has migrated the database, so that a rollback shows in the log. */
async function logUnknownMigrations({ reader, dialect }: Database, log: FastifyBaseLogger) {
  const { unknown } = await readMigrationState(reader, dialect)
  if (unknown.length === 0) return
  const migrations = unknown.map(({ name }) => name)
  log.info(
    { migrations, minVersion: latestOf(unknown) },
    'the database has migrations that this version lacks, and that allow it to run',
  )
}

function measure({ pool, file }: Database, registry: Registry) {
  if (pool) measurePool(pool, registry)
  if (file) measureFile(file.path, registry)
}

function measureFile(file: string, registry: Registry) {
  const files = { database: file, wal: `${file}-wal` }
  new Gauge({
    name: 'sqlite_file_bytes',
    help: 'Size of the database file, and of its write-ahead log',
    labelNames: ['file'],
    registers: [registry],
    collect() {
      for (const [name, path] of Object.entries(files)) {
        this.set({ file: name }, statSync(path, { throwIfNoEntry: false })?.size ?? 0)
      }
    },
  })
}

function measurePool(pool: NonNullable<Database['pool']>, registry: Registry) {
  new Gauge({
    name: 'db_pool_connections',
    help: 'PostgreSQL connections by state',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      this.set({ state: 'idle' }, pool.idleCount)
      this.set({ state: 'used' }, pool.totalCount - pool.idleCount)
    },
  })
  new Gauge({
    name: 'db_pool_waiting',
    help: 'Transactions and queries waiting for a PostgreSQL connection',
    registers: [registry],
    collect() {
      this.set(pool.waitingCount)
    },
  })
}

export default fp(storage, { name: 'storage', fastify: '5.x' })
