import { existsSync } from 'node:fs'
import type { OnWait } from '../database.ts'
import { withoutPasswords } from '../engines/postgres-url.ts'
import { isAccepted, type MigrationState, readMigrationState } from '../migration-state.ts'
import { fileOf, openSource } from '../open-database.ts'
import { countRows, listTables } from './tables.ts'

/** Description of a database. */
export interface Status {
  lines: string[]
  /** False if the engine found damage. */
  isSound: boolean
}

/** Describes a database. Neither changes the database, nor creates a missing file. */
export async function describeDatabase(
  url: string,
  timeoutMs: number,
  onWait?: OnWait,
): Promise<Status> {
  const file = fileOf(url)
  const place = `database: ${file === undefined ? withoutPasswords(url) : url}`
  if (file !== undefined && !existsSync(file)) {
    return {
      lines: [place, 'the file does not exist: the service creates it at start'],
      isSound: true,
    }
  }
  const { dialect, readSnapshot } = await openSource(url, timeoutMs, onWait)
  return readSnapshot(async (db) => {
    const { engine, size } = await dialect.catalogue.describe(db)
    const damage = await dialect.catalogue.findDamage(db)
    const tables = await listTables({ db, catalogue: dialect.catalogue })
    const lines = [
      place,
      `engine: ${engine}`,
      `size: ${size} bytes`,
      ...describeMigrations(await readMigrationState(db, dialect)),
      ...(file === undefined ? [] : [`integrity: ${damage.join('; ') || 'ok'}`]),
      ...(await countRows(db, tables)).map(({ table, rows }) => `rows in ${table}: ${rows}`),
    ]
    return { lines, isSound: damage.length === 0 }
  })
}

function describeMigrations({ applied, pending, unknown, edited }: MigrationState): string[] {
  const described = unknown.map((migration) =>
    isAccepted(migration)
      ? `${migration.name} (accepted: needs ${migration.minVersion})`
      : `${migration.name} (refused: needs ${migration.minVersion})`,
  )
  return [
    `last migration: ${applied.at(-1) ?? 'none'}`,
    `pending migrations: ${pending.join(', ') || 'none'}`,
    `unknown migrations: ${described.join(', ') || 'none'}`,
    `edited migrations: ${edited.join(', ') || 'none'}`,
  ]
}
