import { CompiledQuery } from 'kysely'
import type { Test } from 'tap'
import { createArticleStore } from '../../../routes/articles/store.ts'
import { createMessageStore } from '../../../routes/messages/store.ts'
import { createUserStore } from '../../../routes/users/store.ts'
import type { Database, Session } from '../../../src/storage/database.ts'
import type { PageRequest, Position } from '../../../src/storage/pagination.ts'
import { openMigrated } from '../../database.ts'
import { testOnEachEngine } from '../../engines.ts'

/** Rows enough for PostgreSQL to prefer an index. */
const ROWS = 20_000
const AUTHORS = 10

/** Session that keeps the queries which are read through it. */
function observe(database: Database): { access: Session; queries: CompiledQuery[] } {
  const queries: CompiledQuery[] = []
  const read: Session['read'] = (query) => {
    queries.push(query)
    return database.read(query)
  }
  return { access: { ...database, read }, queries }
}

/** How the engine goes about a query, in a line a step. */
async function planOf(t: Test, { reader }: Database, { sql, parameters }: CompiledQuery) {
  const explain = t.context.isOnPostgres ? 'explain' : 'explain query plan'
  const { rows } = await reader.executeQuery<Record<string, string>>(
    CompiledQuery.raw(`${explain} ${sql}`, [...parameters]),
  )
  return rows.map((row) => row.detail ?? row['QUERY PLAN']).join('\n')
}

/** Fills the tables with rows that every order and filter has many of. */
async function fill(t: Test, database: Database) {
  const numbers = t.context.isOnPostgres
    ? `generate_series(1, ${ROWS}) as n (i)`
    : `(with recursive n (i) as (select 1 union all select i + 1 from n where i < ${ROWS}) select i from n) as n`
  await database.transactAlone(async (writer) => {
    for (const statement of [
      `insert into articles (title, body, author, created_at, updated_at, words)
        select 't' || (i % 5000), '', 'a' || (i % ${AUTHORS}), 'c' || (i % 5000), 'u' || (i % 5000), 'w' || (i % 5000) || case when i > ${ROWS - 2_000} then ' late' else '' end
        from ${numbers}`,
      `insert into users (name) select 'n' || (i % ${AUTHORS}) from ${numbers}`,
      `insert into messages (media_type, size, sha256, bytes, created_at)
        select 'm' || (i % ${AUTHORS}), 0, '', '', 'c' || (i % 5000) from ${numbers}`,
    ]) {
      await writer.executeQuery(CompiledQuery.raw(statement))
    }
  })
  if (!t.context.isOnPostgres) return // SQLite keeps no statistics unless it is told to
  for (const table of ['articles', 'users', 'messages']) {
    await database.write((writer) => writer.executeQuery(CompiledQuery.raw(`analyze ${table}`)))
  }
}

/** Every kind of page that a list can be asked for, but for its filters. */
function requestsBy<Field extends string>(fields: readonly Field[]): PageRequest<Field>[] {
  return fields.flatMap((field) => {
    const position: Position = field === 'id' ? [10_000] : [`${field.charAt(0)}2500`, 10_000]
    return [false, true].flatMap((isDescending) =>
      [undefined, { position, isBackwards: false }, { position, isBackwards: true }].map(
        (from) => ({
          limit: 20,
          field,
          isDescending,
          from,
        }),
      ),
    )
  })
}

/** Asks a list for everything that it can be asked for. */
async function readLists(access: Session) {
  const [articles, users, messages] = [
    createArticleStore(access),
    createUserStore(access),
    createMessageStore(access),
  ]
  for (const request of requestsBy(['id', 'title', 'createdAt', 'updatedAt'] as const)) {
    await articles.list(request)
    await articles.list(request, { author: 'a1' })
  }
  for (const request of requestsBy(['id', 'name'] as const)) {
    await users.list(request)
    await users.list(request, 'n1')
  }
  for (const request of requestsBy(['id', 'createdAt'] as const)) {
    await messages.list(request)
    await messages.list(request, 'm1')
  }
}

/** A step that goes through a table, or sorts what it was given. */
const SLOW = /Seq Scan|Sort|USE TEMP B-TREE|SCAN \w+$/m

/** The same, for what goes through a table of SQLite in the order of the ids, which is how it is stored. */
const SLOW_BY_ID = /Seq Scan|Sort|USE TEMP B-TREE/

testOnEachEngine('a list is read from an index, in its order', async (t) => {
  const database = await openMigrated(t)
  await fill(t, database)
  const { access, queries } = observe(database)
  await readLists(access)
  t.equal(
    queries.length,
    2 * 6 * (4 + 2 + 2),
    'every order, both ways, from everywhere, filtered or not',
  )
  for (const query of queries) {
    const isById = /order by "id" \w+ limit/.test(query.sql) && !query.sql.includes('where')
    t.notMatch(await planOf(t, database, query), isById ? SLOW_BY_ID : SLOW, query.sql)
  }
})

testOnEachEngine('a search is read from the index of words', async (t) => {
  const database = await openMigrated(t)
  await fill(t, database)
  const { access, queries } = observe(database)
  for (const request of requestsBy(['id'] as const)) {
    await createArticleStore(access).list(request, { words: ['w7'] })
    await createArticleStore(access).list(request, { words: ['late'] })
  }
  t.equal(queries.length, 12, 'words of a few articles, and of the last ones alone')
  for (const query of queries) {
    const plan = await planOf(t, database, query)
    t.match(plan, /SCAN found VIRTUAL TABLE INDEX|Bitmap Index Scan on articles_by_words/)
    t.notMatch(plan, /USE TEMP B-TREE|Seq Scan|SCAN articles/)
  }
})

for (const sql of [
  "select * from articles where body = 'x'",
  'select * from articles order by body limit 20',
]) {
  testOnEachEngine(`${sql}, which has no index, would be told`, async (t) => {
    const database = await openMigrated(t)
    t.match(await planOf(t, database, CompiledQuery.raw(sql)), SLOW)
  })
}
