import { sql } from 'kysely'
import { type Catalogue, type Column, toTables } from './catalogue.ts'

/** Omits virtual tables with their shadow tables, which triggers fill, and generated columns. */
export const SQLITE_CATALOGUE: Catalogue = {
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
