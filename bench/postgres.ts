/** Databases for the benchmarks on PostgreSQL: each server gets its own, with the same rows. */
import { sql } from 'kysely'
import { openDatabase } from '../src/storage/open-database.ts'
import { seed } from './seed.ts'

/** Workloads that read or write rows. */
export const POSTGRES_WORKLOADS = ['row', 'page', 'create64', 'create1']

export interface Databases {
  /** URL of each database, by name. */
  urls: Record<string, string>
  remove(): Promise<void>
}

/**
 * Creates a database for each name, and fills it.
 *
 * @param server URL of a database of the server, with a role that may create databases.
 */
export async function createDatabases(
  server: string,
  names: readonly string[],
): Promise<Databases> {
  const urls: Record<string, string> = {}
  const run = async (statement: string) => {
    const database = await openDatabase(server, { timeoutMs: 60_000 })
    await sql.raw(statement).execute(database.reader)
    await database.close()
  }
  const nameOf = (name: string) => `bench_${process.pid}_${name}`
  const remove = async () => {
    for (const name of names) await run(`drop database if exists ${nameOf(name)} with (force)`)
  }
  try {
    for (const name of names) {
      await run(`create database ${nameOf(name)}`)
      const url = new URL(server)
      url.pathname = nameOf(name)
      url.searchParams.delete('options') // may name a schema that the new database lacks
      await seed(url.href)
      urls[name] = url.href
    }
    return { urls, remove }
  } catch (error) {
    await remove()
    throw error
  }
}
