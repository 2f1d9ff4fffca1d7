import { type QueryExecutorProvider, type SelectQueryBuilder, sql } from 'kysely'
import type { Schema } from '../schema.ts'
import { type Catalogue, type Column, type IndexKey, toIndexes, toTables } from './catalogue.ts'
import type { Dialect } from './dialect.ts'

/**
 * Queries about SQLite's tables. They omit columns and tables that SQLite or a trigger fills: generated columns,
 * virtual tables and their shadow tables.
 */
const SQLITE_CATALOGUE: Catalogue = {
  async listTables(db) {
    const { rows } = await sql<Column>`
      select item.name as "table", field.name, field.type, field.pk as position
      from sqlite_schema item
      join pragma_table_list listed
        on listed.schema = 'main' and listed.name = item.name and listed.type = 'table'
      join pragma_table_xinfo(item.name) field on field.hidden = 0
      where item.type = 'table' and item.name not like 'sqlite\\_%' escape '\\'
      order by item.rowid, field.cid
    `.execute(db)
    return toTables(rows)
  },
  async listIndexes(db) {
    const { rows } = await sql<IndexKey>`
      select item.name as "table", listed.name as "index", key.name, key.desc as "isDescending"
      from sqlite_schema item
      join pragma_index_list(item.name) listed on listed.partial = 0
      join pragma_index_xinfo(listed.name) key on key.key
      where item.type = 'table'
      order by listed.name, key.seqno
    `.execute(db)
    const { rows: tables } = await sql<{ table: string }>`
      select name as "table" from sqlite_schema where type = 'table'
    `.execute(db)
    // SQLite stores the rows of a table in the order of the ids.
    const byId = { name: '', columns: [{ name: 'id', isDescending: false, hasNullRank: false }] }
    return [...toIndexes(rows), ...tables.map((table) => ({ ...table, ...byId }))]
  },
  async readLastId(db, table) {
    const { rows } = await sql<{ seq: number }>`
      select seq from sqlite_sequence where name = ${table}
    `.execute(db)
    return rows[0]?.seq
  },
  async raiseLastId(db, table, id) {
    await sql`
      insert into sqlite_sequence (name, seq)
      select ${table}, 0 where not exists (select 1 from sqlite_sequence where name = ${table})
    `.execute(db)
    await sql`
      update sqlite_sequence set seq = max(seq, ${id}) where name = ${table}
    `.execute(db)
  },
  async lockTables() {}, // a writer locks the whole file
  async describe(db) {
    const { rows } = await sql<{ engine: string; size: number }>`
      select 'SQLite ' || sqlite_version() as engine, page_count * page_size as size
      from pragma_page_count, pragma_page_size
    `.execute(db)
    return rows[0] as { engine: string; size: number } // each pragma returns one row
  },
  async findDamage(db) {
    const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(db)
    return rows.map((row) => row.integrity_check).filter((text) => text !== 'ok')
  },
}

export const SQLITE_DIALECT: Dialect = {
  integer: 'integer',
  text: 'text',
  bytes: 'blob',
  autoIncrement: (column) => column.primaryKey().autoIncrement(),
  countChosenIds: async () => {}, // autoincrement already counts these ids
  indexWords,
  searchFor: (words) => words.map((word) => `"${word}"`).join(' '),
  withWords,
  searchedId: 'found.rowid',
  searchIndex: (query, { table, words, conditions, isDescending }) =>
    conditions
      .reduce((found, condition) => found.where(condition), withWords(query, table, words))
      .orderBy(sql`found.rowid`, isDescending ? 'desc' : 'asc'),
  scan: undefined,
  nullRank: (column) => sql`(${sql.ref(column)} is null)`,
  readsRanges: true,
  indexedBy: (index) => ` indexed by "${index}"`,
  estimate: undefined,
  // SQLite allows one write transaction at a time in all processes, so the lock is always free.
  excludeSnapshots: async () => {}, // SQLite copies a committed state of the whole file
  tryLock: async () => true,
  skipLocked: sql``,
  catalogue: SQLITE_CATALOGUE,
}

function withWords<Table extends keyof Schema, Row>(
  query: SelectQueryBuilder<Schema, Table, Row>,
  table: Table,
  search: unknown,
): SelectQueryBuilder<Schema, Table, Row> {
  const index = sql.table(searchTableOf(table))
  return query
    .innerJoin(sql`${index}`.as('found'), (join) =>
      join.on(sql`found.rowid`, '=', sql.ref(`${table}.id`)),
    )
    .where(sql<boolean>`found.${index} match ${search}`) as typeof query
}

/**
 * Creates an external-content index, which triggers keep up to date (sqlite.org/fts5.html §4.4.3). The tokenizer
 * "ascii" does not change the words, which are already normalized.
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

/** Returns the name of a table's search index. */
function searchTableOf(table: string): string {
  return `${table}_search`
}
