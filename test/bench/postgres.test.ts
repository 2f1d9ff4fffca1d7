import t from 'tap'
import { createDatabases, POSTGRES_WORKLOADS } from '../../bench/postgres.ts'
import { writePostgres } from '../../bench/report.ts'
import { POSTGRES_SERVERS, postgresServers } from '../../bench/servers.ts'
import { choose, WORKLOADS } from '../../bench/workloads.ts'
import { openDatabase } from '../../src/storage/open-database.ts'
import { databaseUrl, testOnPostgres } from '../engines.ts'

testOnPostgres('each server gets a database with the same rows, which is removed', async (t) => {
  const { urls, remove } = await createDatabases(await databaseUrl(t), POSTGRES_SERVERS)
  t.same(Object.keys(urls), POSTGRES_SERVERS)
  for (const url of Object.values(urls)) {
    const database = await openDatabase(url)
    const rows = await database.reader.selectFrom('articles').select('id').execute()
    t.equal(rows.length, 1_001)
    await database.close()
  }
  await remove()
  const [url = ''] = Object.values(urls)
  const database = await openDatabase(url)
  await t.rejects(database.reader.selectFrom('articles').select('id').execute(), /does not exist/)
  await database.close()
})

t.test('postgresServers() returns the servers that have a database, with its URL', async (t) => {
  const [server, ...others] = postgresServers({ bare: 'postgres://host/bare' })
  t.equal(others.length, 0)
  t.match(server, { name: 'bare', title: 'Fastify, bare, with `pg`' })
  t.match(server?.environment(1, ''), { DATABASE: 'postgres://host/bare', PORT: '1' })
  t.doesNotThrow(() => choose(WORKLOADS, POSTGRES_WORKLOADS))
})

t.test('writePostgres() writes the CPU times and the ratios', async (t) => {
  const sample = { p50: 0, p99: 0, rate: 0 }
  const sizes = { startTime: 0, idle: 0, loaded: 0 }
  const text = writePostgres({
    date: '2026-01-01',
    machine: 'a machine',
    rounds: 9,
    sessions: 3,
    servers: [
      { name: 'service', title: 'ours', ...sizes, workloads: { row: { ...sample, cpu: 100 } } },
      { name: 'bare', title: 'bare', ...sizes, workloads: { row: { ...sample, cpu: 80 } } },
    ],
  })
  t.match(text, '|  | one row by id |\n| --- | --: |\n| ours | 100.0 |\n| bare | 80.0 |')
  t.match(text, '| ours | 0.80 |\n| bare | 1.00 |')
})
