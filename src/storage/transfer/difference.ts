import type { Kysely } from 'kysely'
import type { Table } from '../engines/catalogue.ts'
import type { Schema } from '../schema.ts'
import { batchesOf, keyOf, type Row, readBatch } from './batches.ts'

/**
 * Compares a table in two databases: every column of every row.
 *
 * @returns the first difference, with the table and the key; undefined if there is none
 */
export async function findDifference(
  source: Kysely<Schema>,
  target: Kysely<Schema>,
  table: Table,
): Promise<string | undefined> {
  for await (const batch of batchesOf(source, table)) {
    const [expected, actual] = await Promise.all([
      readBatch(source, table, batch),
      readBatch(target, table, batch),
    ])
    const count = Math.max(expected.length, actual.length)
    for (let index = 0; index < count; index++) {
      const difference = describeDifference(table, expected[index], actual[index])
      if (difference) return difference
    }
  }
  return undefined
}

/** Describes how two rows at the same position differ. If the keys differ, one side lacks a row. */
function describeDifference(table: Table, expected?: Row, actual?: Row): string | undefined {
  const [ofSource, ofTarget] = [label(table, expected), label(table, actual)]
  if (ofSource !== ofTarget)
    return `${table.name}: the source has ${ofSource} next, the target ${ofTarget}`
  const columns = table.columns.filter((name) => !isSame(expected?.[name], actual?.[name]))
  return columns.length > 0
    ? `${table.name}: ${ofSource} differs in ${columns.join(', ')}`
    : undefined
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
