import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readMigrationState } from '../migration-state.ts'
import { migrate } from '../migrations.ts'
import { type DatabaseOptions, openDatabase, openSource } from '../open-database.ts'
import { hasOldWords } from '../stored-words.ts'
import { copyFile } from './backup.ts'
import { type CopyResult, copy, requireMigrated, requireUndamaged } from './copy.ts'

/**
 * Restores all data of a backup into a database, or nothing. If the backup lacks migrations or has words of an
 * earlier version, a copy of the backup is migrated first.
 *
 * @param isReplacing true to delete existing data in the database
 * @throws {StorageError} for a file that is damaged, not a backup, or needs a later version. The database then stays
 * unchanged
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

/** Checks a backup, and returns true if it has all migrations and the words of this version. */
async function isMigrated(file: string): Promise<boolean> {
  const source = await openSource(`sqlite:${file}`, 0)
  return source.readSnapshot(async (db) => {
    await requireUndamaged(source.dialect, db)
    await requireMigrated(source, db)
    const { pending } = await readMigrationState(db, source.dialect)
    return pending.length === 0 && !(await hasOldWords(db))
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
