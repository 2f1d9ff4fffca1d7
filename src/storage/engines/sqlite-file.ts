/** Notices that the file of a SQLite database was deleted, replaced or made read-only while the service runs. */
import { accessSync, constants, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { messageOf } from '../../error-message.ts'
import { StorageError } from '../database.ts'
import { DatabaseUnavailable } from './failure.ts'

/**
 * Refuses a new or empty file beside the write-ahead log of an earlier one. SQLite would delete the log, with the writes
 * in it.
 *
 * @throws {StorageError}
 */
export function refuseStaleLog(file: string): void {
  // The log first, since another process may be creating both files.
  if (sizeOf(`${file}-wal`) === 0 || sizeOf(file) > 0) return
  throw new StorageError(
    `${file}-wal is left from an earlier file: put that file back, or move ${file}-wal and ${file}-shm away`,
  )
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

/** Watches a file that exists, from now on. */
export function watchFile(file: string) {
  const opened = statSync(file, { bigint: true })

  /** @throws {DatabaseUnavailable} if the path has no file or another one, so that writes would be lost */
  function requireSameFile(): void {
    const found = statSync(file, { bigint: true, throwIfNoEntry: false })
    if (found?.dev === opened.dev && found.ino === opened.ino) return
    const change = found ? 'replaced' : 'deleted'
    throw new DatabaseUnavailable(`SQLite: ${file} was ${change} while the service was running`)
  }

  return {
    path: file,
    requireSameFile,
    /** @throws {DatabaseUnavailable} if writes would be lost, or cannot be made */
    requireWritable(): void {
      requireSameFile()
      try {
        for (const path of [file, dirname(file)]) accessSync(path, constants.W_OK)
      } catch (error) {
        throw new DatabaseUnavailable(`SQLite: ${messageOf(error)}`, { cause: error })
      }
    },
  }
}
