import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmdirSync, truncateSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { skipBecause } from '../requirement.ts'

/** A small file system in memory. */
export interface SmallDisk {
  folder: string
  /** Fills the disk except for this number of bytes, which is 0 by default. */
  fill(freeBytes?: number): void
  /** Frees the space that `fill` used. */
  empty(): void
}

/** tmpfs allocates space in pages of memory. */
const PAGE_BYTES = 4096

/** `skip` option of tests that mount a small disk, which requires root on Linux, or sudo in CI. */
export const noSmallDisk = reasonToSkip()

function reasonToSkip() {
  try {
    unmount(mount(PAGE_BYTES))
    return false
  } catch {
    return skipBecause('this test mounts a tmpfs, which needs root on Linux')
  }
}

/**
 * Mounts a disk until the test ends. Teardowns run in reverse order, so services that are started later end before
 * the disk is unmounted.
 */
export function mountSmallDisk(t: Test, sizeBytes: number): SmallDisk {
  const folder = mount(sizeBytes)
  t.teardown(() => unmount(folder))
  const ballast = join(folder, 'ballast')
  return {
    folder,
    fill: (freeBytes) => fill(ballast, freeBytes),
    empty: () => truncateSync(ballast),
  }
}

function mount(sizeBytes: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'disk-'))
  try {
    runAsRoot('mount', '-t', 'tmpfs', '-o', `size=${sizeBytes},mode=1777`, 'tmpfs', folder)
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

/** Runs a command as root. Tests use sudo only in CI, because developers would not expect it. */
function runAsRoot(...words: string[]) {
  const needsSudo = process.getuid?.() !== 0 && process.env.CI
  const [command = '', ...options] = needsSudo ? ['sudo', '--non-interactive', ...words] : words
  execFileSync(command, options, { stdio: 'ignore' })
}

function fill(ballast: string, freeBytes = 0) {
  const file = openSync(ballast, 'a')
  let sizeBytes = 0
  try {
    for (;;) sizeBytes += writeSync(file, Buffer.alloc(PAGE_BYTES))
  } catch (error) {
    if (Object(error).code !== 'ENOSPC') throw error
  } finally {
    closeSync(file)
  }
  truncateSync(ballast, sizeBytes - freeBytes)
}
