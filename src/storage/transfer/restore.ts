import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate, readMigrationState } from '../migrations.ts'
import { type DatabaseOptions, openDatabase, openSource } from '../open-database.ts'
import { copyFile } from './backup.ts'
import { type CopyResult, copy, requireMigrated, requireUndamaged } from './copy.ts'

/**
 * Replaces the data of a database with the data of a backup, all or nothing. If the backup lacks migrations,
 * they are applied to a copy of the backup first.
 *
 * @param isReplacing true to delete the data that the database holds
 * @throws {StorageError} for a file that is no backup, is damaged, or needs a later version; the database is
 * unchanged then
 */
export async function restore(
  file: string,
  url: string,
  isReplacing: boolean,
  options: DatabaseOptions,
): Promise<CopyResult> {
  if (await isMigrated(file)) return restoreMigrated(file, url, isReplacing, options)
  const folder = mkdtempSync(join(tmpdir(), 'restore-'))
  try {
    const migrated = join(folder, 'backup.db')
    await copyFile(file, migrated)
    await migrateFile(migrated)
    return await restoreMigrated(migrated, url, isReplacing, options)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Checks a backup, and returns whether it has all migrations of this version. */
async function isMigrated(file: string): Promise<boolean> {
  const source = await openSource(`sqlite:${file}`, 0)
  return source.readSnapshot(async (db) => {
    await requireUndamaged(source.dialect, db)
    await requireMigrated(source, db)
    return (await readMigrationState(db, source.dialect)).pending.length === 0
  })
}

async function migrateFile(file: string) {
  const database = await openDatabase(`sqlite:${file}`)
  try {
    await migrate(database)
  } finally {
    await database.close()
  }
}

async function restoreMigrated(
  file: string,
  url: string,
  isReplacing: boolean,
  options: DatabaseOptions,
): Promise<CopyResult> {
  const target = await openDatabase(url, options)
  try {
    return await copy(await openSource(`sqlite:${file}`, 0), target, isReplacing)
  } finally {
    await target.close()
  }
}
