import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findLatest, migrate } from '../migrations.ts'
import { type DatabaseOptions, openDatabase, openSource } from '../open-database.ts'
import { copyFile } from './backup.ts'
import { type Copied, copy, requireMigrated, requireUndamaged } from './copy.ts'

/**
 * Replaces what a database holds by what is in a backup, all of it or nothing. A backup of an older
 * schema is brought up to date first, in a copy.
 *
 * @param isReplacing whether what the database holds may go.
 * @throws {StorageError} for a file that is no backup, damaged, or of a newer version, and then
 * leaves the database untouched.
 */
export async function restore(
  file: string,
  url: string,
  isReplacing: boolean,
  options: DatabaseOptions,
): Promise<Copied> {
  if ((await check(file)) === (await findLatest()))
    return restoreLatest(file, url, isReplacing, options)
  const folder = mkdtempSync(join(tmpdir(), 'restore-'))
  try {
    const migrated = join(folder, 'backup.db')
    await copyFile(file, migrated)
    await bringUpToDate(`sqlite:${migrated}`)
    return await restoreLatest(migrated, url, isReplacing, options)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Gives the step of the backup's schema. */
async function check(file: string): Promise<string> {
  const source = await openSource(`sqlite:${file}`, 0)
  return source.readSnapshot(async (db) => {
    await requireUndamaged(source.dialect, db)
    return requireMigrated(source, db)
  })
}

async function bringUpToDate(url: string) {
  const database = await openDatabase(url)
  try {
    await migrate(database)
  } finally {
    await database.close()
  }
}

async function restoreLatest(
  file: string,
  url: string,
  isReplacing: boolean,
  options: DatabaseOptions,
): Promise<Copied> {
  const target = await openDatabase(url, options)
  try {
    return await copy(await openSource(`sqlite:${file}`, 0), target, isReplacing)
  } finally {
    await target.close()
  }
}
