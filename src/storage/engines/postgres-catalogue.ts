import { sql } from 'kysely'
import { type Catalogue, type Column, toTables } from './catalogue.ts'

/** Reads the first schema in the search path. */
export const POSTGRES_CATALOGUE: Catalogue = {
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
  async readLastId(db, table) {
    const { rows } = await sql<{ last_value: number | null }>`
      select last_value from pg_sequences
      where schemaname = current_schema() and sequencename = ${`${table}_id_seq`}
    `.execute(db)
    return rows[0]?.last_value ?? undefined
  },
  // A sequence ignores transactions: after a rollback, some ids are never assigned.
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
    return rows[0] as { engine: string; size: number } // a select without from returns one row
  },
  findDamage: async () => [],
}
