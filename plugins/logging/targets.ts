import { openSync, type Stats, write, writeSync } from 'node:fs'
import { type FileHandle, open, readdir, rename, stat, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { messageOf } from '../../src/error-message.ts'
import { isSystemError } from '../../src/system-error.ts'
import type { Target } from './line-writer.ts'

const writeOctets = promisify(write)

/** Standard output, which is never closed. */
export const STANDARD_OUTPUT: Target = {
  prepare: async () => {},
  write: async (octets) => (await writeOctets(1, octets)).bytesWritten,
  writeSync: (octets) => writeSync(1, octets),
  close: async () => {},
}

/** When a file of the log is set aside, and for how long it is kept. */
export interface Rotation {
  /** In octets; 0 for any. */
  size: number
  interval: keyof typeof PERIODS
  /** How many files are kept that were set aside; 0 for all. */
  keep: number
}

/** In milliseconds; they begin with the hour and the day in UTC, as the times in the log are. */
const PERIODS = { never: Number.POSITIVE_INFINITY, hourly: 3_600_000, daily: 86_400_000 }

/** How often it is looked whether the file is still the one with its name, in milliseconds. */
const CHECKING_INTERVAL = 1_000

/** How long until it is tried again to set the file aside, in milliseconds. */
const ROTATING_PAUSE = 60_000

/**
 * A file that lines are appended to, and that is set aside, under its name with the time, when it is
 * large or old. Where others set it aside (logrotate, or another process that writes to it), a new one is
 * begun within a second.
 */
export function rotatingFile(path: string, { size, interval, keep }: Rotation): Target {
  const period = PERIODS[interval]
  let handle: FileHandle | undefined
  let current: Stats | undefined
  let checkAt = 0
  let mayRotateAt = 0

  async function close() {
    const closing = handle
    handle = undefined
    await closing?.close()
  }

  /** Looks at the file with this name, and opens it where another one was open. */
  async function follow(): Promise<FileHandle> {
    const there = await stat(path).catch(ignoreAbsence)
    if (handle && there?.ino === current?.ino) {
      current = there
      return handle
    }
    await close()
    const opened = await open(path, 'a+')
    handle = opened
    current = await opened.stat()
    await endLine(opened, current)
    return opened
  }

  function isDue(length: number): boolean {
    if (!current?.isFile() || current.size === 0) return false
    const isLarge = size > 0 && current.size + length > size
    return isLarge || Math.floor(current.mtimeMs / period) < Math.floor(Date.now() / period)
  }

  /** Sets the file aside, unless another process has just done so. */
  async function rotate(length: number) {
    await follow()
    const aside = `${path}.${new Date().toISOString()}`
    if (!isDue(length) || (await stat(aside).catch(ignoreAbsence))) return
    await rename(path, aside)
    await follow()
    if (keep > 0) await removeOld(path, keep)
  }

  return {
    async prepare(length) {
      const now = performance.now()
      if (!handle || now > checkAt) {
        checkAt = now + CHECKING_INTERVAL
        await follow()
      }
      if (!isDue(length) || now < mayRotateAt) return
      try {
        await rotate(length)
      } catch (error) {
        // a large file is better than none
        mayRotateAt = now + ROTATING_PAUSE
        console.error(`the log cannot be set aside: ${messageOf(error)}`)
      }
    },
    async write(octets) {
      const { bytesWritten } = await (handle ?? (await follow())).write(octets)
      if (current) {
        current.size += bytesWritten
        current.mtimeMs = Date.now()
      }
      return bytesWritten
    },
    writeSync: (octets) => writeSync(handle?.fd ?? openSync(path, 'a'), octets),
    close,
  }
}

/** Ends what a process that was killed, or met a full disk, left as half a line. */
async function endLine(handle: FileHandle, { size }: Stats) {
  if (size === 0) return
  const { buffer } = await handle.read({ buffer: Buffer.alloc(1), position: size - 1 })
  if (buffer.toString() !== '\n') await handle.write('\n')
}

function ignoreAbsence(error: unknown) {
  if (!isSystemError(error, 'ENOENT')) throw error
  return undefined
}

/** The times of files sort as text. */
async function removeOld(path: string, keep: number) {
  const prefix = `${basename(path)}.`
  const old = (await readdir(dirname(path))).filter(
    (name) => name.startsWith(prefix) && TIME.test(name.slice(prefix.length)),
  )
  for (const name of old.sort().slice(0, -keep)) await unlink(join(dirname(path), name))
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
