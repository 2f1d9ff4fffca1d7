import type { Kysely } from 'kysely'
import type { Table } from '../engines/catalogue.ts'
import type { Schema } from '../schema.ts'
import { keyOf, portionsOf, type Row, readPortion } from './portions.ts'

/**
 * Compares a table in two databases: every column of every row, and that neither has a row more.
 *
 * @returns the first difference, in words that name the table and the key; undefined where there is none.
 */
export async function findDifference(
  source: Kysely<Schema>,
  target: Kysely<Schema>,
  table: Table,
): Promise<string | undefined> {
  for await (const portion of portionsOf(source, table)) {
    const [expected, actual] = await Promise.all([
      readPortion(source, table, portion),
      readPortion(target, table, portion),
    ])
    const place = Math.max(expected.length, actual.length)
    for (let index = 0; index < place; index++) {
      const difference = describeDifference(table, expected[index], actual[index])
      if (difference) return difference
    }
  }
  return undefined
}

/** Rows of a portion stand side by side: the first two that differ tell what happened. */
function describeDifference(table: Table, expected?: Row, actual?: Row): string | undefined {
  const [there, here] = [label(table, expected), label(table, actual)]
  if (there !== here)
    return `${table.name}: the source goes on with ${there}, the target with ${here}`
  const columns = table.columns.filter((name) => !isSame(expected?.[name], actual?.[name]))
  return columns.length > 0 ? `${table.name}: ${there} differs in ${columns.join(', ')}` : undefined
}

function label(table: Table, row?: Row): string {
  if (!row) return 'no row'
  const values = keyOf(table, row)
  return table.key.map((name, index) => `${name} ${JSON.stringify(values[index])}`).join(', ')
}

function isSame(expected: unknown, actual: unknown): boolean {
  if (expected instanceof Uint8Array && actual instanceof Uint8Array) {
    return Buffer.compare(expected, actual) === 0
  }
  return expected === actual
}
