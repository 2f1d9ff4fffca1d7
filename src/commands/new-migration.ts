import { existsSync, globSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import packageJson from '../../package.json' with { type: 'json' }
import { RESOURCES } from '../resources.ts'

const DIALECT = join(import.meta.dirname, '../storage/engines/dialect.ts')

/**
 * Writes a migration that a developer then completes. Never replaces a file.
 *
 * @param name lower-case letters, digits and hyphens
 * @param resource name of the folder of a resource
 * @returns the path of the new file
 * @throws if there is no such resource, or if the migration would not run after those of the resource
 */
export function createMigration(name: string, resource: string, now = new Date()): string {
  const folder = join(folderOf(resource), 'migrations')
  const time = now.toISOString().slice(0, 16).replaceAll(/[-:]/g, '')
  const existing = globSync('*.{js,ts}', { cwd: folder }).sort()
  const last = existing.at(-1)
  if (last !== undefined && last.slice(0, time.length) >= time) {
    throw new Error(`${last} is not older than ${time}: migrations run by time, so try again later`)
  }
  const file = join(folder, `${time}-${name}.ts`)
  const write = existing.length > 0 ? addColumn : createTable
  mkdirSync(folder, { recursive: true })
  const nameOf = (text: string) => text.replaceAll('-', '_')
  const source = write(nameOf(resource), nameOf(name))
  writeFileSync(file, headOf(folder) + source, { flag: 'wx' })
  return file
}

function folderOf(resource: string): string {
  const folder = RESOURCES.map((each) => join(each, resource)).find((each) => existsSync(each))
  if (folder) return folder
  const names = RESOURCES.flatMap((each) => globSync('*/index.{js,ts}', { cwd: each }))
  const known = names.map((file) => basename(join(file, '..'))).join(', ')
  throw new Error(
    `there is no resource ${resource}: create its folder, or name one with --in (${known})`,
  )
}

function headOf(folder: string): string {
  return `import type { Kysely } from 'kysely'
import type { Dialect } from '${relative(folder, DIALECT).replaceAll('\\', '/')}'

/** Oldest release that works after this migration, and can be rolled back to: see docs/operations.md (Rolling back). */
export const minVersion = '${packageJson.version}'

`
}

function createTable(table: string): string {
  return `export async function up(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('${table}')
    .addColumn('id', dialect.integer, dialect.autoIncrement)
    .addColumn('version', dialect.integer, (column) => column.notNull().defaultTo(1))
    .addColumn('revision_nonce', dialect.text, (column) => column.notNull().defaultTo(''))
    .execute()
  await dialect.countChosenIds(db, '${table}')
}
`
}

function addColumn(table: string, column: string): string {
  return `export async function up(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  await db.schema.alterTable('${table}').addColumn('${column}', dialect.text).execute()
}
`
}
