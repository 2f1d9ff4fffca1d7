import { existsSync, realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { readPostgresUrl } from '../engines/postgres-url.ts'
import { fileOf } from '../open-database.ts'

/** Returns true if two URLs name the same database. Different names of a PostgreSQL server are not recognized. */
export function isSameDatabase(a: string, b: string): boolean {
  return placeOf(a) === placeOf(b)
}

function placeOf(url: string): string {
  const file = fileOf(url)
  if (file !== undefined) return existsSync(file) ? realpathSync(file) : resolve(file)
  const { host, port, database, options } = readPostgresUrl(url).config
  return JSON.stringify([host, port, database, options])
}
