import { type DatabaseIntrospector, type Kysely, sql } from 'kysely'
import { POSTGRES_CATALOGUE } from './postgres-catalogue.ts'
import type { Schema } from './schema.ts'

/**
 * Tells the migrations which tables there are, in the schema that they use. The query builder's own
 * introspector asks about all schemas, and fails when somebody drops one of them meanwhile.
 */
export function introspect(db: Kysely<Schema>): DatabaseIntrospector {
  async function getSchemas() {
    const { rows } = await sql<{ name: string }>`
      select current_schema() as name where current_schema() is not null
    `.execute(db)
    return rows
  }
  return {
    getSchemas,
    async getTables() {
      const [schema] = await getSchemas()
      const tables = await POSTGRES_CATALOGUE.listTables(db)
      return tables.map(({ name }) => ({
        name,
        ...(schema && { schema: schema.name }),
        isView: false,
        isForeign: false,
        columns: [],
      }))
    },
  }
}
