import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { OnWait } from '../database.ts'
import { backUp } from './backup.ts'
import type { CopyResult } from './copy.ts'

/** Names of backups, and of files that interrupted backups have left. The text up to `.db` has the time. */
const BACKUP = /^backup-\d{8}T\d{6}Z\.db$/
const ANY = /^backup-\d{8}T\d{6}Z\.db/

/**
 * Writes a backup whose name has the time into a folder. Then deletes all older backups but the newest, and older files
 * of interrupted backups. Other files stay. If the backup fails, nothing is deleted.
 *
 * @param keep number of backups that remain, including the new one
 * @returns the path of the backup, and the names of the deleted files
 */
export async function backUpInto(
  folder: string,
  keep: number,
  url: string,
  timeoutMs: number,
  now = new Date(),
  onWait?: OnWait,
): Promise<CopyResult & { file: string; deleted: string[] }> {
  const time = now.toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const file = join(folder, `backup-${time}.db`)
  const result = await backUp(url, file, timeoutMs, onWait)
  return { ...result, file, deleted: deleteOlder(folder, keep) }
}

/** Deletes the files that are older than the oldest backup to keep. */
function deleteOlder(folder: string, keep: number): string[] {
  const names = readdirSync(folder).sort()
  const oldest = names.filter((name) => BACKUP.test(name)).at(-keep)
  if (oldest === undefined) return []
  const older = names.filter((name) => ANY.test(name) && name < oldest)
  for (const name of older) rmSync(join(folder, name))
  return older
}
