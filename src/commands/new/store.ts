/** Writes `store.ts`. */
import type { Field } from './fields.ts'
import { wordsOf } from './names.ts'
import { parameterOf, type Resource, scopeOf } from './resource.ts'

export function writeStore(resource: Resource): string {
  const { table, type, singular, fields, parent } = resource
  const columns = ['id', ...fields.map(({ column }) => column)].map((column) => `'${column}'`)
  const schemas = [`type New${type}`, `type ${type}`, parent ? `type ${type}Params` : '']
  const imported = [...schemas.filter(Boolean), `${singular}List`].join(', ')
  return `import type { Generated, Selectable } from 'kysely'
import type { Session } from '../../src/storage/database.ts'
import type { PageRequest } from '../../src/storage/list.ts'
import { createPageReader } from '../../src/storage/pagination.ts'
import type { VersionColumns } from '../../src/storage/schema.ts'
import { createVersionedRows, type Versioned } from '../../src/storage/versioned-rows.ts'
import { ${imported} } from './schema.ts'

interface ${type}Row {
  id: Generated<number>
  ${[...(parent ? [`${scopeOf(parent)}: number`] : []), ...fields.map(typeOfColumn)].join('\n')}
}

declare module '../../src/storage/schema.ts' {
  interface Schema {
    ${table}: ${type}Row & VersionColumns
  }
}

export type Versioned${type} = Versioned<{ ${singular}: ${type} }>

const COLUMNS = [${columns.join(', ')}] as const
${parent ? `const SCOPE = ['${scopeOf(parent)}'] as const` : ''}

${factoryOf(resource)}

${parent ? keyFunction(resource, scopeOf(parent), parent.parameter) : ''}
${mappingsOf(resource)}`
}

function typeOfColumn({ column, rowType, isOptional }: Field): string {
  return `${column}: ${rowType}${isOptional ? ' | null' : ''}`
}

function factoryOf({ type, singular, plural, table, parent }: Resource): string {
  const id = parent ? `${parent.parameter}: number` : ''
  const scope = parent ? 'scope: SCOPE, ' : ''
  const where = parent ? `.where('${scopeOf(parent)}', '=', ${parent.parameter})` : ''
  const key = parent ? `params: ${type}Params` : 'id: number'
  const keyValue = parent ? 'keyOf(params)' : 'id'
  const created = parent
    ? `{ ${scopeOf(parent)}: ${parent.parameter}, ...rowOf(${singular}) }`
    : `rowOf(${singular})`
  const others = parent
    ? `find: (${key}) => rows.find(${keyValue}),
    delete: (${key}, version: string) => rows.delete(${keyValue}, version),`
    : ''
  return `export function create${type}Store(session: Session) {
  const select = (${id}) =>
    session.reader.selectFrom('${table}').select([...COLUMNS, 'revision_nonce as revision'])${where}
  const readPage = createPageReader({ table: '${table}', list: ${singular}List, select, ${scope} }, session)
  const rows = createVersionedRows(
    { table: '${table}', columns: COLUMNS, ${scope} read: (row) => ({ ${singular}: ${singular}Of(row) }) },
    session,
  )
  return {
    ${parent ? '' : '...rows,\n'}
    /** Reads a page of ${wordsOf(plural)}. */
    async list(request: PageRequest${id && `, ${id}`}) {
      const { items, ...page } = await readPage(request${parent ? `, ${parent.parameter}` : ''})
      return { ...page, items: items.map(({ revision, ...row }) => ({ ...${singular}Of(row), revision })) }
    },

    create: (${id && `${id}, `}${singular}: New${type}) => rows.create(${created}),
    replace: (${key}, version: string, ${singular}: New${type}) =>
      rows.replace(${keyValue}, version, rowOf(${singular})),
    ${others}
  }
}`
}

function keyFunction(resource: Resource, scope: string, parameter: string): string {
  const id = parameterOf(resource)
  return `function keyOf({ ${parameter}, ${id} }: ${resource.type}Params) {
  return { id: ${id}, ${scope}: ${parameter} }
}
`
}

/** Converts members to columns, and columns to members. */
function mappingsOf({ type, singular, fields }: Resource): string {
  return `function rowOf(${singular}: New${type}) {
  return {
    ${fields.map((field) => `${field.column}: ${toColumn(field, `${singular}.${field.member}`)},`).join('\n')}
  }
}

function ${singular}Of(row: Pick<Selectable<${type}Row>, (typeof COLUMNS)[number]>): ${type} {
  return {
    id: row.id,
    ${fields.map((field) => `${toMember(field)},`).join('\n')}
  }
}
`
}

function toColumn({ isOptional, isBoolean }: Field, value: string): string {
  if (!isBoolean) return isOptional ? `${value} ?? null` : value
  return isOptional ? `${value} === undefined ? null : Number(${value})` : `Number(${value})`
}

function toMember({ member, column, isOptional, isBoolean }: Field): string {
  const value = isBoolean ? `row.${column} === 1` : `row.${column}`
  return isOptional
    ? `...(row.${column} !== null && { ${member}: ${value} })`
    : `${member}: ${value}`
}
