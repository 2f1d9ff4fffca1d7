import { crc32 } from 'node:zlib'
import type { Field, Position, Value } from '../storage/list.ts'

/**
 * Encodes a position in a list as opaque text for a URL. A cursor is not secret and grants no access. A checksum
 * detects cursors of other lists.
 *
 * @param list identifies the list: path, order and filters
 */
export function encodeCursor(list: string, position: Position): string {
  const values = JSON.stringify(position).slice(1, -1)
  const checksum = crc32(`${list} ${values}`)
  return Buffer.from(`[${checksum},${values}]`).toString('base64url')
}

/**
 * Returns the position of a cursor; undefined for a malformed cursor, or a cursor of another list.
 *
 * @param fields fields of the sort keys, without the id
 */
export function decodeCursor(
  list: string,
  cursor: string,
  fields: readonly Field[],
): Position | undefined {
  const [, ...position] = parse(Buffer.from(cursor, 'base64url').toString())
  return isPosition(position, fields) && encodeCursor(list, position) === cursor
    ? position
    : undefined
}

function parse(text: string): unknown[] {
  try {
    const parsed = JSON.parse(text)
    return Array.isArray(parsed) ? parsed : []
  } catch {
    return []
  }
}

/** Returns true for valid values. A correct checksum does not prove this, since anyone can compute the checksum. */
function isPosition(values: unknown[], fields: readonly Field[]): values is [...Value[], number] {
  const id = values.at(-1)
  if (!Number.isSafeInteger(id) || values.length !== fields.length + 1) return false
  return fields.every((field, index) => isValue(values[index], field))
}

/** Returns true for values that the database can compare with those of the field. */
function isValue(value: unknown, { type, isNullable }: Field): boolean {
  if (value === null) return isNullable
  switch (type) {
    case 'integer':
      return Number.isSafeInteger(value)
    case 'number':
      return Number.isFinite(value)
    case 'boolean':
      return typeof value === 'boolean'
    default:
      return typeof value === 'string' && value.isWellFormed() && !value.includes('\0')
  }
}
