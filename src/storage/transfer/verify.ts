import { StorageError } from '../database.ts'
import { openSource } from '../open-database.ts'
import { requireMigrated, requireUndamaged } from './copy.ts'
import { digestTables, readDigests, type TableDigest } from './digests.ts'
import { listTables, type RowCount } from './tables.ts'

/**
 * Checks that this version can restore a backup, that the engine finds no damage, and that each table has the number
 * and the digest of its rows that were written with the backup.
 *
 * @returns the number of rows, and whether the backup has digests, which backups of earlier versions lack
 * @throws {StorageError} for the first check that fails
 */
export async function verifyBackup(
  file: string,
): Promise<{ counts: RowCount[]; hasDigests: boolean }> {
  const source = await openSource(`sqlite:${file}`, 0)
  return source.readSnapshot(async (db) => {
    await requireUndamaged(source.dialect, db)
    await requireMigrated(source, db)
    const tables = await listTables({ db, catalogue: source.dialect.catalogue })
    const actual = await digestTables(db, tables)
    const written = await readDigests(db)
    if (written) requireSame(written, actual)
    return { counts: actual.map(({ table, rows }) => ({ table, rows })), hasDigests: !!written }
  })
}

function requireSame(written: TableDigest[], actual: TableDigest[]) {
  const found = new Map(actual.map((digest) => [digest.table, digest]))
  for (const { table, rows, sha256 } of written) {
    const now = found.get(table)
    if (now?.sha256 === sha256 && now.rows === rows) continue
    throw new StorageError(
      `the rows of ${table} were changed after the backup was written (${rows} rows then, ${now?.rows ?? 0} now): use another backup`,
    )
  }
}
