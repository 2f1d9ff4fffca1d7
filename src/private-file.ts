/** Modes of files that contain data of clients. */
import { closeSync, fchmodSync, fstatSync, openSync, realpathSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** Mode with which files are created: nobody but the owner may read them, not even for a moment. */
export const PRIVATE = 0o600

/** Mode in a folder to which the group may write. */
const SHARED = 0o660

const GROUP_WRITES = 0o020

/** Creates a file with a private mode, unless the file exists. */
export function createPrivateFile(path: string): void {
  const descriptor = openSync(path, 'a', PRIVATE)
  try {
    shareNewFile(descriptor, path)
  } finally {
    closeSync(descriptor)
  }
}

/**
 * Lets the group of a new file read and write it, if the group may write to its folder. The next container may run as
 * another user of the same group, as on OpenShift. A file with content, or with another mode than `PRIVATE`, stays as
 * it is.
 */
export function shareNewFile(descriptor: number, path: string): void {
  const { mode, size } = fstatSync(descriptor)
  if (size > 0 || (mode & 0o777) !== PRIVATE) return
  const folder = statSync(dirname(realpathSync(path)))
  if (folder.mode & GROUP_WRITES) fchmodSync(descriptor, SHARED)
}
