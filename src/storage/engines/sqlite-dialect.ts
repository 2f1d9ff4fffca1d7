import { type QueryExecutorProvider, sql } from 'kysely'
import type { Dialect } from './dialect.ts'
import { SQLITE_CATALOGUE } from './sqlite-catalogue.ts'

export const SQLITE_DIALECT: Dialect = {
  integer: 'integer',
  text: 'text',
  bytes: 'blob',
  autoIncrement: (column) => column.primaryKey().autoIncrement(),
  countChosenIds: async () => {}, // autoincrement does
  indexWords,
  searchFor: (words) => words.map((word) => `"${word}"`).join(' '),
  withWords: (query, table, search) => {
    const index = sql.table(searchTableOf(table))
    return query
      .innerJoin(sql`${index}`.as('found'), (join) =>
        join.on(sql`found.rowid`, '=', sql.ref(`${table}.id`)),
      )
      .where(sql<boolean>`found.${index} match ${search}`)
  },
  searchedId: 'found.rowid',
  // There is one writer: a transaction waits at its begin for the one before it, in any process.
  tryLock: async () => true,
  skipLocked: sql``,
  catalogue: SQLITE_CATALOGUE,
}

/**
 * Creates an external-content index, which triggers keep up to date (sqlite.org/fts5.html §4.4.3). The words
 * are already normalized, and the tokenizer "ascii" does not change them.
 */
async function indexWords(db: QueryExecutorProvider, table: string) {
  const [rows, search] = [sql.table(table), sql.table(searchTableOf(table))]
  const trigger = (event: string) => sql.id(`${searchTableOf(table)}_${event}`)
  const removeOld = sql`insert into ${search} (${search}, rowid, words)
    values ('delete', old.id, old.words)`
  const addNew = sql`insert into ${search} (rowid, words) values (new.id, new.words)`
  for (const statement of [
    sql`create virtual table ${search} using fts5(words, content = ${sql.lit(table)},
      content_rowid = 'id', tokenize = 'ascii', detail = 'none', columnsize = 0)`,
    sql`insert into ${search} (${search}) values ('rebuild')`,
    sql`create trigger ${trigger('insert')} after insert on ${rows} begin ${addNew}; end`,
    sql`create trigger ${trigger('delete')} after delete on ${rows} begin ${removeOld}; end`,
    sql`create trigger ${trigger('update')} after update of words on ${rows}
      begin ${removeOld}; ${addNew}; end`,
  ]) {
    await statement.execute(db)
  }
}

/** Name of the index of a table. */
function searchTableOf(table: string): string {
  return `${table}_search`
}
