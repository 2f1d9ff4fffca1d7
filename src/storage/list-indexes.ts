/** Indexes of lists: creates them in migrations, and finds those that are missing. */
import { hash } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import { type Database, StorageError } from './database.ts'
import type { Index, IndexColumn } from './engines/catalogue.ts'
import type { Dialect } from './engines/dialect.ts'
import {
  type Combination,
  hasFilters,
  idKeyOf,
  keysOf,
  type PageRequest,
  type SortKey,
  type StoredList,
} from './list.ts'

/**
 * Creates an index in which a list can be read.
 *
 * @param columns names of the columns, with a leading `-` for descending order, and a trailing `?` for a nullable sort
 * key, as in `['status', 'due_date?', '-id']`
 */
export async function createListIndex<Schema>(
  db: Kysely<Schema>,
  dialect: Dialect,
  table: string,
  columns: readonly string[],
): Promise<void> {
  const keys = columns.map(parseColumn).flatMap(({ name, isDescending, hasNullRank }) => {
    const rank = hasNullRank ? dialect.nullRank(name) : undefined
    const direction = sql.raw(isDescending ? ' desc' : '')
    return [rank, sql.ref(name)].flatMap((key) => (key ? [sql`${key}${direction}`] : []))
  })
  const name = sql.id(nameOf(table, columns))
  await sql`create index ${name} on ${sql.table(table)} (${sql.join(keys)})`.execute(db)
}

/**
 * Checks that each combination of filters and order that a list declares has an index.
 *
 * @throws {StorageError} for missing indexes; the message has the calls that create them
 */
export async function checkLists(
  { reader, dialect }: Database,
  lists: StoredList[],
): Promise<void> {
  if (lists.length === 0) return
  const indexes = await dialect.catalogue.listIndexes(reader)
  const missing = lists.flatMap((stored) =>
    stored.list.combinations.flatMap((combination) =>
      combination.sorts
        .map((sort) => neededFor(stored, combination, sort))
        .filter((needed) => !indexes.some((index) => fits(index, needed, dialect)))
        .map(({ table, columns }) => {
          const names = columns.map((column) => `'${writeColumn(column)}'`).join(', ')
          return `createListIndex(db, dialect, '${table}', [${names}])`
        }),
    ),
  )
  if (missing.length === 0) return
  const calls = [...new Set(missing)].join('; ')
  throw new StorageError(`a list needs an index, which a migration can create: ${calls}`)
}

/**
 * Returns the name of the index of a page; undefined for the list without filters in the order of the ids, which is the
 * order of the table.
 *
 * @throws {TypeError} for filters and an order that the list does not declare, since they may have no index
 */
export function indexOf(stored: StoredList, { filters, sort }: PageRequest): string | undefined {
  const names = Object.keys(filters?.equal ?? {})
  const combination = stored.list.combinations.find(
    (each) => hasFilters(each, names) && each.sorts.includes(sort),
  )
  if (!combination) {
    throw new TypeError(`the list of ${stored.table} does not declare ${sort} with [${names}]`)
  }
  const { table, columns } = neededFor(stored, combination, sort)
  return columns.length === 1 ? undefined : nameOf(table, columns.map(writeColumn))
}

interface Needed {
  table: string
  /** Columns with one value, which can be in any order, then the sort keys, of which the first is ascending. */
  columns: IndexColumn[]
  /** Number of columns with one value. */
  equal: number
}

function neededFor(
  { table, list, columnOf, scope }: StoredList,
  { filters }: Combination,
  sort: string,
): Needed {
  const equal = [...scope, ...filters.map(columnOf)].map((name) => {
    return { name, isDescending: false, hasNullRank: false }
  })
  const keys = keysOf(list, sort).filter(({ field }) => !filters.includes(field))
  const all: [...SortKey[], SortKey] = [...keys, idKeyOf(list, sort)]
  const [{ isDescending: isReversed }] = all
  const sorted = all.map(({ field, isDescending, isNullable }) => ({
    name: columnOf(field),
    isDescending: isDescending !== isReversed,
    hasNullRank: isNullable,
  }))
  return { table, columns: [...equal, ...sorted], equal: equal.length }
}

/** Returns true if an index has the columns in the order that a list needs, or in the reverse order. */
function fits(index: Index, { table, columns, equal }: Needed, dialect: Dialect): boolean {
  const expected = columns.length === 1 ? '' : nameOf(table, columns.map(writeColumn))
  if (index.table !== table || (dialect.indexedBy && index.name !== expected)) return false
  const first = index.columns.slice(0, equal).map(({ name }) => name)
  const sorted = columns.slice(equal)
  return (
    columns.slice(0, equal).every(({ name }) => first.includes(name)) &&
    [false, true].some((isReversed) =>
      sorted.every(({ name, isDescending, hasNullRank }, position) => {
        const column = index.columns[equal + position]
        const hasRank = !hasNullRank || column?.hasNullRank || !dialect.nullRank(name)
        return (
          column?.name === name && column.isDescending === (isDescending !== isReversed) && hasRank
        )
      }),
    )
  )
}

/** Maximum length of a name in PostgreSQL, in bytes. */
const MAX_NAME_LENGTH = 63

/** Returns the name of an index. Different columns have different names. */
function nameOf(table: string, columns: readonly string[]): string {
  const parts = columns.map(parseColumn).map(({ name, isDescending, hasNullRank }) => {
    return `${name}${hasNullRank ? '_nullable' : ''}${isDescending ? '_desc' : ''}`
  })
  const name = `${table}_by_${parts.join('_')}`
  if (name.length <= MAX_NAME_LENGTH) return name
  return `${name.slice(0, MAX_NAME_LENGTH - 9)}_${hash('sha256', name).slice(0, 8)}`
}

function parseColumn(text: string): IndexColumn {
  const isDescending = text.startsWith('-')
  const hasNullRank = text.endsWith('?')
  const name = text.slice(isDescending ? 1 : 0, hasNullRank ? -1 : undefined)
  return { name, isDescending, hasNullRank }
}

function writeColumn({ name, isDescending, hasNullRank }: IndexColumn): string {
  return `${isDescending ? '-' : ''}${name}${hasNullRank ? '?' : ''}`
}
