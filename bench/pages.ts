/**
 * Measures the time of operations on a table of a thousand articles and on a large table, in alternating rounds: pages
 * at the beginning and in the middle of the list, with and without filters, searches and writes.
 *
 *     node bench/pages.ts [ROWS of the large table, by default 1000000] [postgres://…]
 *
 * The tables are in files of SQLite and, if a URL is given, also in PostgreSQL. The benchmark removes them at the end.
 */
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CompiledQuery, type Kysely, sql } from 'kysely'
import { createArticleStore } from '../routes/articles/store.ts'
import type { Filters, PageRequest, Position } from '../src/storage/list.ts'
import { migrate } from '../src/storage/migrations.ts'
import { openDatabase } from '../src/storage/open-database.ts'
import type { Schema } from '../src/storage/schema.ts'
import { median } from '../test/reliability/median.ts'

const [rows = '1000000', server] = process.argv.slice(2)
const SIZES = [1_000, Number(rows)]
const ROUNDS = 15
const CALLS_PER_ROUND = 200

/** Time after which a round ends, even if it has made fewer than CALLS_PER_ROUND calls. */
const ROUND_LIMIT_MS = 1_000

interface Case {
  title: string
  run(table: Table): Promise<unknown>
}

type Table = Awaited<ReturnType<typeof open>>

/** What a page has besides its order. */
interface Options {
  position?(size: number): Position
  filters?: Filters
  words?: string[]
}

function page(title: string, sort: string, { position, filters, words }: Options = {}): Case {
  return {
    title,
    run({ size, store }) {
      const from = position && { position: position(size), isBackwards: false }
      return store.list({ limit: 20, sort, filters, from } satisfies PageRequest, words)
    },
  }
}

const NEW_ARTICLE = { title: 'a new article', body: 'of a few words', author: 'author 1' }

const CASES: Case[] = [
  page('first page, by id', 'id'),
  page('page from the middle, by id', 'id', { position: (size) => [size / 2] }),
  page('page from the middle, by title', 'title', {
    position: (size) => [titleOf(size / 2), size / 2],
  }),
  page('first page of one author, newest first', '-createdAt', {
    filters: { equal: { author: ['author 1'] } },
  }),
  page('search for a word that every article contains', 'id', { words: ['common'] }),
  page('search for a word that ten articles contain', 'id', { words: ['rare7'] }),
  {
    title: 'replace an article in the middle',
    async run({ size, store }) {
      const found = await store.find(size / 2)
      if (!found) throw new Error(`article ${size / 2} is missing`)
      await store.replace(size / 2, found.version, NEW_ARTICLE)
    },
  },
  { title: 'create an article', run: ({ store }) => store.create(NEW_ARTICLE) },
]

function titleOf(number: number): string {
  return `title ${String(number).padStart(7, '0')}`
}

async function open(url: string, size: number) {
  const database = await openDatabase(url, { timeoutMs: 60_000 })
  await migrate(database)
  const isPostgres = url.startsWith('postgres')
  await database.transactAlone(async (writer) => {
    await writer.deleteFrom('articles').execute()
    await fill(writer, size, isPostgres)
  })
  if (isPostgres) await sql`vacuum analyze articles`.execute(database.reader)
  return { size, store: createArticleStore(database), database }
}

async function fill(writer: Kysely<Schema>, size: number, isPostgres: boolean) {
  const numbers = isPostgres
    ? `generate_series(1, ${size}) as n (i)`
    : `(with recursive n (i) as (select 1 union all select i + 1 from n where i < ${size}) select i from n)`
  const pad = isPostgres ? `lpad(i::text, 7, '0')` : `printf('%07d', i)`
  await writer.executeQuery(
    CompiledQuery.raw(
      `insert into articles (id, title, body, author, created_at, updated_at, words)
       select i, 'title ' || ${pad}, 'body ' || i, 'author ' || (i % 10), ${pad}, ${pad},
         'common rare' || (i % ${size / 10}) from ${numbers}`,
    ),
  )
}

/** Makes the calls of one round, and returns the mean time per call in microseconds. */
async function time(table: Table, { run }: Case) {
  const start = performance.now()
  let calls = 0
  while (calls < CALLS_PER_ROUND && performance.now() - start < ROUND_LIMIT_MS) {
    await run(table)
    calls++
  }
  return ((performance.now() - start) * 1_000) / calls
}

async function compare(engine: string, urls: string[]) {
  const tables = []
  for (const [index, url] of urls.entries()) tables.push(await open(url, SIZES[index] ?? 0))
  for (const each of CASES) {
    const times: number[][] = tables.map(() => [])
    for (let round = 0; round < ROUNDS; round++) {
      for (const [index, table] of tables.entries()) times[index]?.push(await time(table, each))
    }
    const [small = 0, large = 0] = times.map(median)
    console.log(
      `| ${engine} | ${each.title} | ${small.toFixed(0)} | ${large.toFixed(0)} | ${(large / small).toFixed(2)} |`,
    )
  }
  for (const { database } of tables) await database.close()
}

console.log(
  `| engine | operation, with pages of 20 | ${SIZES.join(' rows, µs | ')} rows, µs | ratio |`,
)
console.log('| --- | --- | --: | --: | --: |')
const files = SIZES.map((size) => join(tmpdir(), `pages-${process.pid}-${size}.db`))
await compare(
  'SQLite',
  files.map((file) => `sqlite:${file}`),
)
for (const file of files)
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true })

if (server) {
  const schemas = SIZES.map((size) => `pages_${process.pid}_${size}`)
  const database = await openDatabase(server)
  for (const schema of schemas) await sql`create schema ${sql.id(schema)}`.execute(database.reader)
  const urls = schemas.map((schema) => {
    const url = new URL(server)
    url.searchParams.set('options', `-c search_path=${schema}`)
    return url.href
  })
  try {
    await compare('PostgreSQL', urls)
  } finally {
    for (const schema of schemas)
      await sql`drop schema ${sql.id(schema)} cascade`.execute(database.reader)
    await database.close()
  }
}
