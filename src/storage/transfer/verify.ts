import { StorageError } from '../database.ts'
import { openSource } from '../open-database.ts'
import { requireMigrated, requireUndamaged } from './copy.ts'
import {
  digestTables,
  listStored,
  readDigests,
  type TableDigest,
  type WrittenDigests,
} from './digests.ts'
import { countRows, listTables, type RowCount } from './tables.ts'

/**
 * Checks that this version can restore a backup, that the engine finds no damage, and that each table has the number
 * and the digest of its rows that were written with the backup.
 *
 * @returns the number of rows, and which tables were compared: backups of earlier versions have fewer digests
 * @throws {StorageError} for the first check that fails
 */
export async function verifyBackup(
  file: string,
): Promise<{ counts: RowCount[]; compared: WrittenDigests['scope'] }> {
  const source = await openSource(`sqlite:${file}`, 0)
  return source.readSnapshot(async (db) => {
    await requireUndamaged(source.dialect, db)
    const { digests, scope } = await readDigests(db)
    const tables = await listTables({ db, catalogue: source.dialect.catalogue })
    if (scope === 'all') requireSame(digests, await digestTables(db, await listStored(db)))
    if (scope === 'resources') requireSame(digests, await digestTables(db, tables))
    await requireMigrated(source, db)
    return { counts: await countRows(db, tables), compared: scope }
  })
}

function requireSame(written: TableDigest[], actual: TableDigest[]) {
  const found = new Map(actual.map((digest) => [digest.table, digest]))
  for (const { table, rows, sha256 } of written) {
    const now = found.get(table)
    found.delete(table)
    if (now?.sha256 === sha256 && now.rows === rows) continue
    throw new StorageError(
      `the rows of ${table} were changed after the backup was written (${rows} rows then, ${now?.rows ?? 0} now): use another backup`,
    )
  }
  if (found.size === 0) return
  throw new StorageError(
    `the backup has no digest of ${[...found.keys()].join(', ')}: a table was added, or a digest deleted; use another backup`,
  )
}
