/** Writes the migration that creates the table. */
import packageJson from '../../../package.json' with { type: 'json' }
import type { Field } from './fields.ts'
import type { Related } from './related.ts'
import { filtersOf, type Resource, scopeOf } from './resource.ts'

export function writeMigration(resource: Resource): string {
  const { table, fields, parent } = resource
  const related = [parent, ...fields.map(({ target }) => target)].flatMap((each) => each ?? [])
  const owners = [...new Set(related.map(({ folder }) => `'${folder}'`))]
  const indexes = indexesOf(resource)
  return `import type { Kysely } from 'kysely'
import type { Dialect } from '../../../src/storage/engines/dialect.ts'
${indexes ? "import { createListIndex } from '../../../src/storage/list-indexes.ts'" : ''}

/** Oldest release that works after this migration, and can be rolled back to: see docs/operations.md (Rolling back). */
export const minVersion = '${packageJson.version}'
${owners.length > 0 ? `export const after = [${owners.join(', ')}]` : ''}

export async function up(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('${table}')
    .addColumn('id', dialect.integer, dialect.autoIncrement)
    ${[...(parent ? [parentColumn(parent)] : []), ...fields.map(columnOf)].join('\n')}
    .addColumn('version', dialect.integer, (column) => column.notNull().defaultTo(1))
    .addColumn('revision_nonce', dialect.text, (column) => column.notNull().defaultTo(''))
    .execute()
  await dialect.countChosenIds(db, '${table}')
  ${[indexes, uniqueIndexes(resource)].filter(Boolean).join('\n')}
}
`
}

function parentColumn(parent: Related): string {
  const definition = `column.notNull().references('${parent.table}.id')`
  return `.addColumn('${scopeOf(parent)}', dialect.integer, (column) => ${definition})`
}

function columnOf({ column, sqlType, isOptional, target }: Field): string {
  const rules = [isOptional ? '' : '.notNull()', target ? `.references('${target.table}.id')` : '']
  const definition = rules.join('')
  return `.addColumn('${column}', ${sqlType}${definition && `, (column) => column${definition}`})`
}

/** Creates the index of each filter, and of the list within a parent. */
function indexesOf(resource: Resource): string {
  const { table, parent } = resource
  const scope = parent ? [scopeOf(parent)] : []
  const lists = [...(parent ? [[]] : []), ...filtersOf(resource).map(({ column }) => [column])]
  return lists
    .map((columns) => [...scope, ...columns, 'id'].map((column) => `'${column}'`).join(', '))
    .map((columns) => `await createListIndex(db, dialect, '${table}', [${columns}])`)
    .join('\n')
}

function uniqueIndexes({ table, fields }: Resource): string {
  const columns = fields.filter(({ isUnique }) => isUnique).map(({ column }) => `'${column}'`)
  if (columns.length === 0) return ''
  const index = `db.schema.createIndex(\`${uniqueIndexOf(table, `\${column}`)}\`).unique()`
  return `for (const column of [${columns.join(', ')}])
    await ${index}.on('${table}').columns([column]).execute()`
}

/** Returns the name of the index of a unique column. */
export function uniqueIndexOf(table: string, column: string): string {
  return `${table}_by_unique_${column}`
}
