/** Servers and databases for the benchmarks on PostgreSQL: each server has its own database, with the same rows. */
import { sql } from 'kysely'
import { openDatabase } from '../src/storage/open-database.ts'
import { seed } from './seed.ts'
import type { Server } from './servers.ts'

/** Workloads that read or write rows. */
export const POSTGRES_WORKLOADS = ['row', 'page', 'create64', 'create1']

/** Titles of the servers that `npm run bench` also measures on PostgreSQL, by name. */
const ON_POSTGRES: Record<string, string> = {
  service: 'this service, access log on',
  bare: 'Fastify, bare, with `pg`',
}

/** Names of the servers that `npm run bench` also measures on PostgreSQL. */
export const POSTGRES_SERVERS = Object.keys(ON_POSTGRES)

/**
 * Returns the servers that have a database on PostgreSQL. They keep their names, so that they have the same workloads.
 *
 * @param databases URLs of databases with the same rows, by name of the server.
 */
export function postgresServers(
  servers: readonly Server[],
  databases: Record<string, string>,
): Server[] {
  return servers.flatMap((server) => {
    const url = databases[server.name]
    if (url === undefined) return []
    const environment: Server['environment'] = (port, folder) => ({
      ...server.environment(port, folder),
      DATABASE_URL: url,
      DATABASE: url,
    })
    return [{ ...server, title: ON_POSTGRES[server.name] ?? server.title, environment }]
  })
}

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
