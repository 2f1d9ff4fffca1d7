import t from 'tap'
import { createDatabases, POSTGRES_SERVERS, postgresServers } from '../../bench/postgres.ts'
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

testOnPostgres('if a database cannot be created, the others are removed', async (t) => {
  const server = await databaseUrl(t)
  await t.rejects(createDatabases(server, ['first', 'first']), /already exists/)
  const { urls, remove } = await createDatabases(server, ['first'])
  t.hasProp(urls, 'first', 'the first database can be created again')
  await remove()
})

t.test('postgresServers() returns the servers that have a database, with its URL', async (t) => {
  const servers = ['service', 'bare', 'raw'].map((name) => ({
    name,
    title: name,
    command: [],
    environment: (port: number) => ({ PORT: String(port), DATABASE: 'a file' }),
  }))
  const url = 'postgres://host/database'
  const [server, unnamed, ...others] = postgresServers(servers, { bare: url, raw: url })
  t.equal(others.length, 0)
  t.match(server, { name: 'bare', title: 'Fastify, bare, with `pg`' })
  t.match(server?.environment(1, ''), { DATABASE: url, DATABASE_URL: url, PORT: '1' })
  t.equal(unnamed?.title, 'raw')
})
