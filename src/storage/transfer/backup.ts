import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { backup as copyPages, DatabaseSync } from 'node:sqlite'
import { StorageError } from '../database.ts'
import { openExisting } from '../engines/sqlite-source.ts'
import { readSteps } from '../migrations.ts'
import { fileOf, openDatabase, openSource } from '../open-database.ts'
import { type Copied, copy, requireUndamaged } from './copy.ts'
import { countRows, listData } from './tables.ts'

/** More than any file has: pages that are copied in several steps start again whenever somebody writes. */
const EVERY_PAGE = 2 ** 31 - 1

/**
 * Writes what a database holds at one moment into a new SQLite file, while the service goes on.
 * The file gets its name once it is complete, checked and on the disk.
 *
 * @param timeout how long to wait for a connection, in milliseconds.
 * @throws {StorageError} where there is a file of that name, or no database of this service.
 */
export async function backUp(url: string, file: string, timeout: number): Promise<Copied> {
  refuseExisting(file)
  const partial = `${file}.${randomBytes(4).toString('hex')}.partial`
  // what clients sent is for the owner alone
  closeSync(openSync(partial, 'wx', 0o600))
  try {
    const ignored = await writeBackup(url, partial, timeout)
    seal(partial)
    const copied = { ...(await inspect(partial, timeout)), ignored }
    refuseExisting(file)
    renameSync(partial, file)
    sync(dirname(file))
    return copied
  } catch (error) {
    for (const ending of ['', '-journal', '-wal', '-shm']) rmSync(partial + ending, { force: true })
    throw error
  }
}

/** Copies the pages of a SQLite file, as SQLite itself does it for a file that is in use. */
export async function copyFile(from: string, to: string): Promise<void> {
  const database = openExisting(from)
  try {
    await copyPages(database, to, { rate: EVERY_PAGE })
  } finally {
    database.close()
  }
}

/** A plain rename would replace a file; a link in its place is not to be had on every file system. */
function refuseExisting(file: string) {
  if (existsSync(file))
    throw new StorageError(`${file} is there already: a backup replaces no file`)
}

/** Gives the tables that were left out. */
async function writeBackup(url: string, partial: string, timeout: number): Promise<string[]> {
  const file = fileOf(url)
  if (file !== undefined) {
    await copyFile(file, partial)
    return []
  }
  const target = await openDatabase(`sqlite:${partial}`)
  try {
    const { ignored } = await copy(await openSource(url, timeout), target, true)
    return ignored
  } finally {
    await target.close()
  }
}

/** Makes it one file, which can be read from where nothing can be written, and puts it on the disk. */
function seal(file: string) {
  const database = new DatabaseSync(file)
  try {
    database.exec('pragma journal_mode = delete')
  } finally {
    database.close()
  }
  sync(file)
}

function sync(path: string) {
  const descriptor = openSync(path, 'r')
  fsyncSync(descriptor)
  closeSync(descriptor)
}

/** Sees that a backup can be restored, and counts what it holds. */
async function inspect(file: string, timeout: number) {
  const { dialect, readSnapshot } = await openSource(`sqlite:${file}`, timeout)
  return readSnapshot(async (db) => {
    await requireUndamaged(dialect, db)
    const { taken } = await readSteps(db, dialect)
    if (taken.length === 0) throw new StorageError('the source is no database of this service')
    const tables = await listData({ db, catalogue: dialect.catalogue })
    return { counts: await countRows(db, tables) }
  })
}
