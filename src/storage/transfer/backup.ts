import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { backup as copyPages, DatabaseSync } from 'node:sqlite'
import { createPrivateFile } from '../../private-file.ts'
import { type OnWait, type Source, StorageError } from '../database.ts'
import { openExisting } from '../engines/sqlite-source.ts'
import { readMigrationState } from '../migration-state.ts'
import { fileOf, openDatabase, openSource } from '../open-database.ts'
import { type CopyResult, copy, requireRecord, requireUndamaged } from './copy.ts'
import { createDigests, digestTables, insertDigests, listStored } from './digests.ts'
import { addLaterSchema } from './later-schema.ts'
import { countRows, listTables, type RowCount } from './tables.ts'

/** Number of pages per step: all, since a write between two steps would restart the copy. */
const ALL_PAGES = 2 ** 31 - 1

/**
 * Writes a snapshot of a database into a new SQLite file while the service runs. Renames the file to the given name
 * after it is complete, checked and on the disk.
 *
 * @param timeoutMs time to wait for a connection
 * @param onWait called every few seconds while the backup waits for a migration
 * @throws {StorageError} if a file of that name exists, or if the database does not belong to this service
 */
export async function backUp(
  url: string,
  file: string,
  timeoutMs: number,
  onWait?: OnWait,
): Promise<CopyResult> {
  refuseExisting(file)
  const partial = `${file}.${randomBytes(4).toString('hex')}.partial`
  createPrivateFile(partial)
  try {
    const ignored = await writeBackup(await openSource(url, timeoutMs, onWait), url, partial)
    const counts = await checkBackup(partial)
    finishFile(partial)
    const result = { counts, ignored }
    refuseExisting(file)
    renameSync(partial, file)
    flush(dirname(file))
    return result
  } catch (error) {
    for (const ending of ['', '-journal', '-wal', '-shm']) rmSync(partial + ending, { force: true })
    throw error
  }
}

/** Copies a SQLite file with SQLite's own backup, which allows writes meanwhile. */
export async function copyFile(from: string, to: string): Promise<void> {
  const database = openExisting(from)
  try {
    await copyPages(database, to, { rate: ALL_PAGES })
  } finally {
    database.close()
  }
}

/** Throws an error if the file exists, since renaming would replace it. */
function refuseExisting(file: string) {
  if (existsSync(file)) throw new StorageError(`${file} exists already: name a new file`)
}

/** Writes the backup, and returns the tables that were not copied. */
async function writeBackup(source: Source, url: string, partial: string): Promise<string[]> {
  const file = fileOf(url)
  if (file !== undefined) {
    await copyFile(file, partial)
    return []
  }
  const target = await openDatabase(`sqlite:${partial}`)
  try {
    const { ignored } = await copy(source, target, true, addLaterSchema)
    return ignored
  } finally {
    await target.close()
  }
}

/** Leaves WAL mode, so that the backup is a single file that can be read on read-only media; flushes the file. */
function finishFile(file: string) {
  const database = new DatabaseSync(file)
  try {
    database.exec('pragma journal_mode = delete')
  } finally {
    database.close()
  }
  flush(file)
}

function flush(path: string) {
  const descriptor = openSync(path, 'r')
  fsyncSync(descriptor)
  closeSync(descriptor)
}

/** Checks that a backup can be restored, writes its digests into it, and returns the number of rows. */
async function checkBackup(file: string): Promise<RowCount[]> {
  createDigests(file)
  const source = await openSource(`sqlite:${file}`, 0)
  const { digests, counts } = await source.readSnapshot(async (db) => {
    await requireUndamaged(source.dialect, db)
    requireRecord(await readMigrationState(db, source.dialect))
    const tables = await listTables({ db, catalogue: source.dialect.catalogue })
    return {
      digests: await digestTables(db, await listStored(db)),
      counts: await countRows(db, tables),
    }
  })
  insertDigests(file, digests)
  return counts
}
