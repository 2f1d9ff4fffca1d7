import { type QueryExecutorProvider, sql } from 'kysely'
import { type Catalogue, type Column, type IndexKey, toIndexes, toTables } from './catalogue.ts'
import type { Dialect } from './dialect.ts'
import { scan, searchIndex, WORDS, withWords } from './postgres-search.ts'

/** Queries about the tables in the first schema of PostgreSQL's search path. */
const POSTGRES_CATALOGUE: Catalogue = {
  async listTables(db) {
    const { rows } = await sql<Column>`
      select item.relname as "table", field.attname as name, type.typname as type,
        coalesce(array_position(string_to_array(key.indkey::text, ' ')::int2[], field.attnum), 0)
          as position
      from pg_class item
      join pg_namespace space on space.oid = item.relnamespace
      join pg_attribute field
        on field.attrelid = item.oid and field.attnum > 0 and not field.attisdropped
        and field.attgenerated = ''
      join pg_type type on type.oid = field.atttypid
      left join pg_index key on key.indrelid = item.oid and key.indisprimary
      where space.nspname = current_schema() and item.relkind in ('r', 'p')
      order by item.oid, field.attnum
    `.execute(db)
    return toTables(rows)
  },
  async listIndexes(db) {
    const { rows } = await sql<IndexKey>`
      select item.relname as "table", key.indexrelid::regclass::text as index, field.attname as name,
        (key.indoption[place.position - 1] & 1) = 1 as "isDescending"
      from pg_index key
      join pg_class item on item.oid = key.indrelid
      join pg_namespace space on space.oid = item.relnamespace
      join pg_am method on method.oid = (select relam from pg_class where oid = key.indexrelid)
      cross join lateral generate_series(1, key.indnkeyatts) as place (position)
      left join pg_attribute field
        on field.attrelid = item.oid and field.attnum = key.indkey[place.position - 1]
      where space.nspname = current_schema() and method.amname = 'btree'
        and key.indisvalid and key.indpred is null
        and (select bool_and(option in (0, 3)) from unnest(key.indoption::int2[]) as option)
      order by key.indexrelid, place.position
    `.execute(db)
    return toIndexes(rows)
  },
  async readLastId(db, table) {
    const { rows } = await sql<{ last_value: number | null }>`
      select last_value from pg_sequences
      where schemaname = current_schema() and sequencename = ${`${table}_id_seq`}
    `.execute(db)
    return rows[0]?.last_value ?? undefined
  },
  // A rollback does not undo `setval`. The ids up to `id` are then never assigned.
  async raiseLastId(db, table, id) {
    await sql`
      select setval(
        format('%I.%I', schemaname, sequencename)::regclass,
        greatest(coalesce(last_value, 0), ${id}::bigint)
      )
      from pg_sequences
      where schemaname = current_schema() and sequencename = ${`${table}_id_seq`}
    `.execute(db)
  },
  async lockTables(db, tables) {
    const names = sql.join(tables.map((table) => sql.table(table)))
    await sql`lock table ${names} in share row exclusive mode`.execute(db)
  },
  async describe(db) {
    const { rows } = await sql<{ engine: string; size: number }>`
      select 'PostgreSQL ' || current_setting('server_version') as engine,
        pg_database_size(current_database()) as size
    `.execute(db)
    return rows[0] as { engine: string; size: number } // a SELECT without FROM returns one row
  },
  findDamage: async () => [],
}

/** Key of the advisory lock that backups and migrations of a schema take. */
export const SNAPSHOT_LOCK = sql`hashtextextended(current_schema() || ' snapshot', 0)`

/** Row of `explain (format json)`. */
interface Explanation {
  'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }]
}

export const POSTGRES_DIALECT: Dialect = {
  integer: 'bigint',
  text: sql`text collate "C"`,
  bytes: 'bytea',
  autoIncrement: (column) => column.primaryKey().generatedByDefaultAsIdentity(),
  countChosenIds,
  indexWords,
  searchFor: (words) => words.map((word) => `'${word}'`).join(' & '),
  withWords,
  searchedId: 'id',
  searchIndex,
  scan,
  nullRank: () => undefined,
  readsRanges: false,
  indexedBy: undefined,
  estimate: {
    explain: (query) => sql`explain (format json) ${query}`,
    rowsOf: (row) => (row as Explanation)['QUERY PLAN'][0].Plan['Plan Rows'],
  },
  excludeSnapshots: async (transaction) => {
    await sql`select pg_advisory_xact_lock(${SNAPSHOT_LOCK})`.execute(transaction)
  },
  tryLock,
  skipLocked: sql`for update skip locked`,
  catalogue: POSTGRES_CATALOGUE,
}

/**
 * Creates a search index of the words. The function splits them only at spaces, since PostgreSQL's own parser would
 * also split within words. The function declares a high cost, so that the planner uses the index instead of calling
 * the function for each row.
 */
async function indexWords(db: QueryExecutorProvider, table: string) {
  await sql`
    create or replace function words_vector(words text) returns tsvector
    language plpgsql immutable strict parallel safe cost 10000 as $$
    begin
      return array_to_tsvector(string_to_array(words, ' '));
    end $$
  `.execute(db)
  const index = sql.id(`${table}_by_words`)
  await sql`create index ${index} on ${sql.table(table)} using gin (${WORDS})`.execute(db)
}

/** Creates a trigger that raises the sequence of a table's ids to an id that a client has chosen. */
async function countChosenIds(db: QueryExecutorProvider, table: string) {
  const sequence = sql.lit(`${table}_id_seq`)
  const name = sql.id(`count_${table}`)
  await sql`
    create function ${name}() returns trigger language plpgsql as $$
    begin
      if new.id > (select last_value from ${sql.id(`${table}_id_seq`)}) then
        perform pg_advisory_xact_lock(tg_relid::bigint);
        perform setval(${sequence}, greatest(new.id, last_value)) from ${sql.id(`${table}_id_seq`)};
      end if;
      return null;
    end $$
  `.execute(db)
  await sql`
    create trigger ${name} after insert on ${sql.id(table)}
    for each row execute function ${name}()
  `.execute(db)
}

/**
 * Takes an advisory lock on a name within the schema, without waiting. The lock is released after the commit is
 * visible, so the next holder of the lock can read the committed rows.
 */
async function tryLock(transaction: QueryExecutorProvider, name: string): Promise<boolean> {
  const { rows } = await sql<{ isLocked: boolean }>`
    select pg_try_advisory_xact_lock(
      hashtextextended(current_schema() || ' ' || ${name}::text, 0)
    ) as "isLocked"
  `.execute(transaction)
  return rows[0]?.isLocked === true
}
