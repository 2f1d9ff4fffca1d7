import { crc32 } from 'node:zlib'
import type { Position } from '../storage/pagination.ts'

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

/** Returns the position of a cursor; undefined for a malformed cursor, or a cursor of another list. */
export function decodeCursor(list: string, cursor: string): Position | undefined {
  const [, ...position] = parse(Buffer.from(cursor, 'base64url').toString())
  return isPosition(position) && encodeCursor(list, position) === cursor ? position : undefined
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
function isPosition(values: unknown[]): values is Position {
  const [id, text = '', ...more] = values.toReversed()
  const isText = typeof text === 'string' && text.isWellFormed() && !text.includes('\0')
  return Number.isSafeInteger(id) && isText && more.length === 0
}
