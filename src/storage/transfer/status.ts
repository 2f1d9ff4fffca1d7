import { existsSync } from 'node:fs'
import { readSteps } from '../migrations.ts'
import { fileOf, openSource } from '../open-database.ts'
import { countRows, listData } from './tables.ts'

/** What there is to say of a database: a line each, and whether it is as it should be. */
export interface Status {
  lines: string[]
  isSound: boolean
}

/** Describes a database, and changes nothing: a file that is not there is not made. */
export async function describeDatabase(url: string, timeout: number): Promise<Status> {
  const file = fileOf(url)
  const place = `database: ${withoutSecrets(url)}`
  if (file !== undefined && !existsSync(file)) {
    return {
      lines: [place, 'there is no such file: a start of the service makes it'],
      isSound: true,
    }
  }
  const { dialect, readSnapshot } = await openSource(url, timeout)
  return readSnapshot(async (db) => {
    const { engine, size } = await dialect.catalogue.describe(db)
    const damage = await dialect.catalogue.findDamage(db)
    const { taken, pending, unknown } = await readSteps(db, dialect)
    const tables = await listData({ db, catalogue: dialect.catalogue })
    const lines = [
      place,
      `engine: ${engine}`,
      `size: ${size} octets`,
      `schema: ${taken.at(-1) ?? 'none'}`,
      `pending: ${pending.join(', ') || 'none'}`,
      `unknown: ${unknown.join(', ') || 'none'}`,
      ...(file === undefined ? [] : [`integrity: ${damage.join('; ') || 'ok'}`]),
      ...(await countRows(db, tables)).map(({ table, rows }) => `rows in ${table}: ${rows}`),
    ]
    return { lines, isSound: damage.length === 0 }
  })
}

/** A URL of PostgreSQL may hold a password before the host, and among its parameters. */
function withoutSecrets(text: string): string {
  if (fileOf(text) !== undefined) return text
  const url = new URL(text)
  url.password = ''
  for (const name of ['password', 'sslpassword']) url.searchParams.delete(name)
  return url.href
}
