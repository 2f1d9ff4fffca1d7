/** Example rows for developers: `NAME/seed.ts` in the folder of a resource exports a function that writes rows. */
import { globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { messageOf } from '../error-message.ts'
import { RESOURCES } from '../resources.ts'
import { type Database, inTransaction, type Session, StorageError } from './database.ts'
import { listMigrations } from './migration-files.ts'
import { migrate } from './migrations.ts'
import { findData } from './transfer/copy.ts'
import { listTables, withNewDatabase } from './transfer/tables.ts'

interface Seed {
  /** Name of the resource. */
  name: string
  seed(session: Session): Promise<unknown>
}

/**
 * Migrates a database and writes the example rows of all resources, in one transaction. The resources follow in the
 * order of their first migrations, so that rows can refer to those of other resources.
 *
 * @returns the names of the resources with example rows
 * @throws {StorageError} if the database holds more data than a new one, or if a seed fails
 */
export async function seed(database: Database): Promise<string[]> {
  const seeds = await loadSeeds()
  await migrate(database)
  await database.transactAlone(async (writer) => {
    await requireNew(database, inTransaction(database, writer))
    for (const { name, seed } of seeds) {
      try {
        await seed(inTransaction(database, writer))
      } catch (error) {
        throw new StorageError(`cannot write the example rows of ${name}: ${messageOf(error)}`)
      }
    }
  })
  return seeds.map(({ name }) => name)
}

async function loadSeeds(): Promise<Seed[]> {
  const files = RESOURCES.flatMap((folder) =>
    globSync('*/seed.{js,ts}', { cwd: folder }).map((file) => ({
      name: dirname(file),
      path: join(folder, file),
    })),
  )
  if (files.length === 0) {
    throw new StorageError(
      'there are no example rows: export a function seed from routes/NAME/seed.ts',
    )
  }
  const owners = (await listMigrations()).map(({ owner }) => owner)
  const sorted = files.sort((a, b) => owners.indexOf(a.name) - owners.indexOf(b.name))
  return Promise.all(
    sorted.map(async ({ name, path }) => {
      const { seed } = await import(path)
      if (typeof seed !== 'function') throw new StorageError(`${path}: export a function seed`)
      return { name, seed }
    }),
  )
}

async function requireNew({ dialect }: Database, { reader }: Session) {
  const names = (await listMigrations()).map(({ name }) => name)
  const found = await withNewDatabase(names, async (created) =>
    findData(created, { db: reader, catalogue: dialect.catalogue }, await listTables(created)),
  )
  if (found === undefined) return
  throw new StorageError(`the database holds data (rows: ${found}): use a new database`)
}
