/** Targets of the line writer: standard output, and a file that is rotated. */
import { openSync, type Stats, write, writeSync } from 'node:fs'
import { type FileHandle, open, readdir, rename, stat, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { messageOf } from '../../src/error-message.ts'
import { PRIVATE, shareNewFile } from '../../src/private-file.ts'
import { isSystemError } from '../../src/system-error.ts'
import type { Target } from './line-writer.ts'

const writeBytes = promisify(write)

/** Standard output, which is never closed. */
export const STANDARD_OUTPUT: Target = {
  prepare: async () => {},
  write: async (bytes) => (await writeBytes(1, bytes)).bytesWritten,
  writeSync: (bytes) => writeSync(1, bytes),
  close: async () => {},
}

export interface Rotation {
  /** Size at which the file is rotated; 0 disables rotation by size. */
  rotateSizeBytes: number
  rotateInterval: keyof typeof PERIODS_MS
  /** Number of rotated files to keep; 0 keeps all. */
  keptFiles: number
}

/** Rotation periods. They begin on the hour or at midnight, in UTC, since the times in the log are in UTC. */
const PERIODS_MS = { never: Number.POSITIVE_INFINITY, hourly: 3_600_000, daily: 86_400_000 }

/** Interval of the check whether another process has moved the file. */
const REOPEN_CHECK_INTERVAL_MS = 1_000

/** Delay before a failed rotation is retried. */
const ROTATION_RETRY_MS = 60_000

/**
 * Creates a target that appends to a file. An old or large file is renamed with the time as a suffix. If logrotate
 * or another process renames the file, a new file is opened within a second.
 */
export function rotatingFile(path: string, rotation: Rotation): Target {
  const file = appendingFile(path)
  let checkAt = 0
  let rotateNotBefore = 0

  async function rotate(length: number) {
    await file.reopenIfMoved() // another process may have just rotated it
    const rotatedPath = `${path}.${new Date().toISOString()}`
    if (!isDue(rotation, file.stats(), length) || (await statIfPresent(rotatedPath))) return
    await rename(path, rotatedPath)
    await file.reopenIfMoved()
    if (rotation.keptFiles > 0) await removeOldFiles(path, rotation.keptFiles)
  }

  return {
    async prepare(length) {
      const now = performance.now()
      if (now > checkAt || !file.stats()) {
        checkAt = now + REOPEN_CHECK_INTERVAL_MS
        await file.reopenIfMoved()
      }
      if (!isDue(rotation, file.stats(), length) || now < rotateNotBefore) return
      try {
        await rotate(length)
      } catch (error) {
        // Until the retry, lines go to the old file.
        rotateNotBefore = now + ROTATION_RETRY_MS
        console.error(`the log cannot be rotated: ${messageOf(error)}`)
      }
    },
    write: file.write,
    writeSync: file.writeSync,
    close: file.close,
  }
}

/** Returns true if the file should be rotated before `length` more bytes are written. */
function isDue(
  { rotateSizeBytes, rotateInterval }: Rotation,
  stats: Stats | undefined,
  length: number,
) {
  if (!stats?.isFile() || stats.size === 0) return false // a device is not rotated
  const period = PERIODS_MS[rotateInterval]
  return (
    (rotateSizeBytes > 0 && stats.size + length > rotateSizeBytes) ||
    Math.floor(stats.mtimeMs / period) < Math.floor(Date.now() / period)
  )
}

function appendingFile(path: string) {
  let handle: FileHandle | undefined
  /** Stats of the open file; `write` updates size and time. */
  let stats: Stats | undefined

  async function close() {
    const closing = handle
    handle = undefined
    stats = undefined
    await closing?.close()
  }

  /** Opens the file that is now at the path, unless it is already open. */
  async function reopenIfMoved(): Promise<FileHandle> {
    const present = await statIfPresent(path)
    if (handle && present?.ino === stats?.ino) {
      stats = present
      return handle
    }
    await close()
    const opened = await open(path, 'a+', PRIVATE)
    shareNewFile(opened.fd, path)
    handle = opened
    stats = await opened.stat()
    await completeLastLine(opened, stats)
    return opened
  }

  return {
    close,
    reopenIfMoved,
    /** Returns undefined if no file is open. */
    stats: () => stats,
    async write(bytes: Uint8Array) {
      const { bytesWritten } = await (handle ?? (await reopenIfMoved())).write(bytes)
      if (stats) {
        stats.size += bytesWritten
        stats.mtimeMs = Date.now()
      }
      return bytesWritten
    },
    writeSync: (bytes: Uint8Array) => writeSync(handle?.fd ?? openSync(path, 'a', PRIVATE), bytes),
  }
}

/** Ends the partial line of a process that was killed, so that the next line can be parsed. */
async function completeLastLine(handle: FileHandle, { size }: Stats) {
  if (size === 0) return
  const { buffer } = await handle.read({ buffer: Buffer.alloc(1), position: size - 1 })
  if (buffer.toString() !== '\n') await handle.write('\n')
}

async function statIfPresent(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path)
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined
    throw error
  }
}

/** Suffix of a rotated file; sorts by time. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

async function removeOldFiles(path: string, keptFiles: number) {
  const prefix = `${basename(path)}.`
  const rotated = (await readdir(dirname(path))).filter(
    (name) => name.startsWith(prefix) && TIME.test(name.slice(prefix.length)),
  )
  for (const name of rotated.sort().slice(0, -keptFiles)) await unlink(join(dirname(path), name))
}
