import type { Kysely } from 'kysely'
import type { Dialect } from '../engines/dialect.ts'
import { wordsOf } from '../words.ts'

/** An index for each order of a list, alone and behind each filter. The id makes the order total. */
const INDEXES: Record<string, string[][]> = {
  articles: [
    ['title', 'id'],
    ['created_at', 'id'],
    ['updated_at', 'id'],
    ['author', 'id'],
    ['author', 'title', 'id'],
    ['author', 'created_at', 'id'],
    ['author', 'updated_at', 'id'],
  ],
  messages: [
    ['created_at', 'id'],
    ['media_type', 'id'],
    ['media_type', 'created_at', 'id'],
  ],
  users: [['name', 'id']],
}

/** How many rows are filled at a time. */
const CHUNK = 100

/** What the lists need to be read from any place at the same cost, and the words of the articles. */
export async function up(db: Kysely<Tables>, dialect: Dialect): Promise<void> {
  for (const [table, indexes] of Object.entries(INDEXES)) {
    for (const columns of indexes) {
      const name = `${table}_by_${columns.join('_')}`
      await db.schema.createIndex(name).on(table).columns(columns).execute()
    }
  }
  await db.schema
    .alterTable('articles')
    .addColumn('words', dialect.text, (column) => column.notNull().defaultTo(''))
    .execute()
  await fillWords(db)
  await dialect.indexWords(db, 'articles')
}

/** The table as this step finds it. */
interface Tables {
  articles: { id: number; title: string; body: string; author: string; words: string }
}

async function fillWords(db: Kysely<Tables>, after = 0): Promise<void> {
  const rows = await db
    .selectFrom('articles')
    .select(['id', 'title', 'body', 'author'])
    .where('id', '>', after)
    .orderBy('id')
    .limit(CHUNK)
    .execute()
  for (const { id, title, body, author } of rows) {
    const words = wordsOf(title, body, author).join(' ')
    await db.updateTable('articles').set({ words }).where('id', '=', id).execute()
  }
  const last = rows.at(-1)
  if (last) await fillWords(db, last.id)
}
