import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmdirSync, truncateSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { skipBecause } from '../requirement.ts'

/** A file system in memory that is soon full. */
export interface SmallDisk {
  folder: string
  /** Takes all of its room but some octets. */
  fill(room?: number): void
  /** Gives back what was taken. */
  empty(): void
}

/** The unit in which room is taken: tmpfs counts in pages of memory. */
const PAGE = 4096

/** The `skip` option of a test that mounts a small disk: mounting takes root on Linux, or sudo in CI. */
export const noSmallDisk = reasonToSkip()

function reasonToSkip() {
  try {
    unmount(mount(PAGE))
    return false
  } catch {
    return skipBecause('this test mounts a tmpfs, which takes root on Linux')
  }
}

/** Mounts a disk of this many octets. It goes with the test, after what is started on it later. */
export function mountSmallDisk(t: Test, size: number): SmallDisk {
  const folder = mount(size)
  t.teardown(() => unmount(folder))
  const ballast = join(folder, 'ballast')
  return { folder, fill: (room) => fill(ballast, room), empty: () => truncateSync(ballast) }
}

function mount(size: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'disk-'))
  try {
    runAsRoot('mount', '-t', 'tmpfs', '-o', `size=${size},mode=1777`, 'tmpfs', folder)
  } catch (error) {
    rmdirSync(folder)
    throw error
  }
  return folder
}

function unmount(folder: string) {
  runAsRoot('umount', folder)
  rmdirSync(folder)
}

/** Runs a command as root. Only CI uses sudo: a developer does not expect it of a test. */
function runAsRoot(...words: string[]) {
  const needsSudo = process.getuid?.() !== 0 && process.env.CI
  const [command = '', ...options] = needsSudo ? ['sudo', '--non-interactive', ...words] : words
  execFileSync(command, options, { stdio: 'ignore' })
}

function fill(ballast: string, room = 0) {
  const file = openSync(ballast, 'a')
  let size = 0
  try {
    for (;;) size += writeSync(file, Buffer.alloc(PAGE))
  } catch (error) {
    if (Object(error).code !== 'ENOSPC') throw error
  } finally {
    closeSync(file)
  }
  truncateSync(ballast, size - room)
}
