/**
 * Measures the time to read a page of articles from a table of a thousand rows and from a table of a million rows, in
 * alternating rounds on both engines. The pages are at the beginning and in the middle of the list, with and without
 * filters.
 *
 *     node bench/pages.ts [postgres://…]
 *
 * The PostgreSQL database must be empty. The benchmark drops its tables at the end.
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

const SIZES = [1_000, 1_000_000]
const ROUNDS = 15
const PAGES_PER_ROUND = 200

/** Time after which a round ends, even if it has read fewer than PAGES_PER_ROUND pages. */
const ROUND_LIMIT_MS = 1_000

/** A page to read: the order, the position in the list, and the filter or search. */
interface Case {
  title: string
  sort: string
  position?(size: number): Position
  filters?: Filters
  words?: string[]
}

const CASES: Case[] = [
  { title: 'first page, by id', sort: 'id' },
  { title: 'from the middle, by id', sort: 'id', position: (size) => [size / 2] },
  {
    title: 'from the middle, by title',
    sort: 'title',
    position: (size) => [titleOf(size / 2), size / 2],
  },
  {
    title: 'first page of one author, newest first',
    sort: '-createdAt',
    filters: { equal: { author: ['author 1'] } },
  },
  {
    title: 'search for a word that every article contains',
    sort: 'id',
    words: ['common'],
  },
  {
    title: 'search for a word that ten articles contain',
    sort: 'id',
    words: ['rare7'],
  },
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

/** Reads pages for one round, and returns the mean time per page in microseconds. */
async function time(
  { size, store }: Awaited<ReturnType<typeof open>>,
  { sort, position, filters, words }: Case,
) {
  const from = position && { position: position(size), isBackwards: false }
  const request: PageRequest = { limit: 20, sort, filters, from }
  const start = performance.now()
  let pages = 0
  while (pages < PAGES_PER_ROUND && performance.now() - start < ROUND_LIMIT_MS) {
    await store.list(request, words)
    pages++
  }
  return ((performance.now() - start) * 1_000) / pages
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

console.log(`| engine | page of 20 | ${SIZES.join(' rows, µs | ')} rows, µs | ratio |`)
console.log('| --- | --- | --: | --: | --: |')
const files = SIZES.map((size) => join(tmpdir(), `pages-${process.pid}-${size}.db`))
await compare(
  'SQLite',
  files.map((file) => `sqlite:${file}`),
)
for (const file of files)
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true })

const server = process.argv[2]
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
