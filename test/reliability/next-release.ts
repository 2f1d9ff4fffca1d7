/** A later release of the service: a copy of this one with a later version, and a migration that adds to the schema. */
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import type { Test } from 'tap'
import { cloneProject } from '../docs/clone.ts'
import { FAST_START, type Server, startProcess } from '../server.ts'

const NOTES = 'test/fixtures/resources/notes'

/** Name of the migration. It sorts after all others. */
export const MIGRATION = '29990101T0000-fixture-moods'

/** Value of the new column in the rows that the later release writes. */
const MOOD = 'calm'

/** Adds a column and a table. */
const migrationFor = (minVersion: string) => `
import type { Kysely } from 'kysely'
import type { Dialect } from '../../../../../src/storage/engines/dialect.ts'

export const minVersion = '${minVersion}'

// biome-ignore lint/suspicious/noExplicitAny: the tables have no types
export async function up(db: Kysely<any>, dialect: Dialect): Promise<void> {
  await db.schema.alterTable('fixture_notes').addColumn('mood', dialect.text).execute()
  await db.schema
    .createTable('fixture_moods')
    .addColumn('id', dialect.integer, dialect.autoIncrement)
    .addColumn('name', dialect.text, (column) => column.notNull())
    .execute()
  await db.insertInto('fixture_moods').values({ name: '${MOOD}' }).execute()
}
`

/** A release in a folder of its own. */
export interface Release {
  folder: string
}

/** This checkout. */
export const THIS: Release = { folder: join(import.meta.dirname, '../..') }

/**
 * Creates the release after this one. The folder is deleted when the test ends.
 *
 * @param minVersion oldest release that works after the migration; by default this one
 */
export async function createNextRelease(t: Test, minVersion?: string): Promise<Release> {
  const folder = await cloneProject(t)
  edit(folder, 'package.json', (text) => {
    const own: string = JSON.parse(text).version
    const version = own.replace(/\d+$/, (patch) => String(Number(patch) + 1))
    const migration = join(folder, NOTES, 'migrations', `${MIGRATION}.ts`)
    writeFileSync(migration, migrationFor(minVersion ?? own))
    return text.replace(`"version": "${own}"`, `"version": "${version}"`)
  })
  edit(folder, `${NOTES}/store.ts`, (text) =>
    text.replace('({ ...fields, updated_at:', `({ ...fields, mood: '${MOOD}', updated_at:`),
  )
  return { folder }
}

/** @throws {Error} if the file does not change, since the release would then be the same as this one */
function edit(folder: string, file: string, change: (text: string) => string) {
  const before = readFileSync(join(folder, file), 'utf8')
  const after = change(before)
  if (after === before) throw new Error(`${file} has changed: adapt next-release.ts to it`)
  writeFileSync(join(folder, file), after)
}

/** Node option that makes a release use only its fixture resources. */
function fixturesOf({ folder }: Release): string {
  return `--import=${pathToFileURL(join(folder, 'test/fixtures/register.ts'))}`
}

/** Starts a release with its fixture resources, and stops it when the test ends. */
export function startRelease(
  t: Test,
  release: Release,
  environment: Record<string, string>,
): Promise<Server> {
  const start = join(release.folder, 'src/start.js')
  return startProcess(t, [fixturesOf(release), start], environment, release.folder)
}

/** Runs a database command of a release with its fixture resources, and returns its output. */
export async function runCommand(
  release: Release,
  DATABASE_URL: string,
  ...words: string[]
): Promise<string> {
  const command = join(release.folder, 'src/commands/db.ts')
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [fixturesOf(release), command, ...words],
    { cwd: release.folder, env: { ...process.env, ...FAST_START, DATABASE_URL } },
  )
  return stdout
}
