/**
 * Migrations of the resources and plugins: files `NAME/migrations/YYYYMMDDTHHMM-name.ts` (UTC). Two branches
 * can add migrations without a conflict, and removing the folder of a resource removes its migrations.
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join, parse } from 'node:path'
import type { Kysely } from 'kysely'
import { PLUGINS, RESOURCES } from '../resources.ts'
import { StorageError } from './database.ts'
import type { Dialect } from './engines/dialect.ts'

/** Columns of a table whose words are in its search index. */
export interface IndexedTexts {
  table: string
  /** Columns with text, in the order in which the store reads their words. */
  columns: readonly string[]
}

/** Exports of a migration's file. */
interface MigrationModule {
  /** Oldest release of the service that can run on the migrated database. The database records it for older releases. */
  minVersion: string
  /**
   * Other resources and plugins that this migration refers to. For each, its first migration and its earlier migrations
   * run before this one. Its later migrations may run afterwards, since they may have been added after this one ran.
   */
  after?: readonly string[]
  /** Texts whose words the service stores in the table from this migration on, and fills again in later versions. */
  words?: IndexedTexts
  /** Digest of the source. Only exported by bundled and compiled code, which differs from the source. */
  digest?: string
  // The database has an older schema than the type `Schema` describes.
  // biome-ignore lint/suspicious/noExplicitAny: as in the query builder's own migrations
  up(db: Kysely<any>, dialect: Dialect): Promise<void>
}

export interface Migration extends Required<Omit<MigrationModule, 'words'>> {
  words: IndexedTexts | undefined
  /** Name of the file without its extension; sorts by time. */
  name: string
  /** Name of the resource or plugin. */
  owner: string
}

const NAME = /^\d{8}T\d{4}-[a-z\d-]+$/
const VERSION = /^\d+\.\d+\.\d+$/

let migrations: Promise<Migration[]> | undefined

/** Returns the migrations of the service in the order in which they run. */
export function listMigrations(): Promise<Migration[]> {
  migrations ??= loadMigrations([PLUGINS, ...RESOURCES])
  return migrations
}

/**
 * Loads the migrations of resources and plugins in the given folders. Sorts them by time, but puts each after the
 * migrations that have to run before it (`after`).
 *
 * @throws {StorageError} for a file that is not a migration, and for a wrong `after`
 */
export async function loadMigrations(folders: readonly string[]): Promise<Migration[]> {
  const files = folders
    .flatMap(list)
    .flatMap((folder) => list(join(folder, 'migrations')))
    .filter((file) => /\.[jt]s$/.test(file) && !file.endsWith('.d.ts'))
  const loaded = await Promise.all(files.map(load))
  requireUniqueNames(loaded, files)
  return sort(loaded)
}

/** Lists a folder, which may be missing. `globSync` would add 8 ms to each start. */
function list(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
}

async function load(file: string): Promise<Migration> {
  const { name } = parse(file)
  if (!NAME.test(name)) {
    throw new StorageError(`${file}: name a migration YYYYMMDDTHHMM-name.ts, in lower case`)
  }
  const { up, minVersion, after = [], words, digest }: MigrationModule = await import(file)
  if (typeof up !== 'function') throw new StorageError(`${file}: export a function up`)
  if (!VERSION.test(minVersion)) {
    throw new StorageError(`${file}: export minVersion, a version such as '1.0.0'`)
  }
  const owner = basename(join(file, '../..'))
  return { name, owner, up, minVersion, after, words, digest: digest ?? digestOf(file) }
}

/** Returns the SHA-256 of a migration's source, in hexadecimal, with Windows line ends converted. */
export function digestOf(file: string): string {
  const source = readFileSync(file, 'utf8').replaceAll('\r\n', '\n')
  return createHash('sha256').update(source).digest('hex')
}

function requireUniqueNames(loaded: Migration[], files: string[]) {
  for (const [name, same] of Map.groupBy(loaded.entries(), ([, migration]) => migration.name)) {
    if (same.length === 1) continue
    const places = same.map(([index]) => files[index]).join(' and ')
    throw new StorageError(`two migrations are named ${name}: rename one of ${places}`)
  }
}

function sort(loaded: Migration[]): Migration[] {
  const byName = loaded.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const sorted = new Set<Migration>()
  function add(migration: Migration, waiting: readonly Migration[]) {
    if (sorted.has(migration)) return
    if (waiting.includes(migration)) {
      const cycle = waiting.slice(waiting.indexOf(migration)).map(({ name }) => name)
      throw new StorageError(
        `these migrations refer to each other, so none can be first: ${cycle.join(', ')}`,
      )
    }
    for (const other of findPredecessors(migration, byName)) add(other, [...waiting, migration])
    sorted.add(migration)
  }
  for (const migration of byName) add(migration, [])
  return [...sorted]
}

/** Returns the migrations that have to run before a migration, because of its `after`. */
function findPredecessors({ name, owner, after }: Migration, byName: Migration[]): Migration[] {
  return after.flatMap((resource) => {
    if (resource === owner) {
      throw new StorageError(
        `migration ${name} refers to its own resource: remove ${owner} from after`,
      )
    }
    const [first, ...others] = byName.filter((other) => other.owner === resource)
    if (!first) {
      throw new StorageError(`migration ${name} refers to ${resource}: there is no such resource`)
    }
    return [first, ...others.filter((other) => other.name < name)]
  })
}
