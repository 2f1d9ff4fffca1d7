import { crc32 } from 'node:zlib'
import type { Position } from '../storage/pagination.ts'

/**
 * Writes a position in a list as an opaque text for a URL. It is no secret, and gives no right to
 * anything; the checksum in it tells a cursor that was made for another list.
 *
 * @param list what makes the list: its path, its order, its filters.
 */
export function writeCursor(list: string, position: Position): string {
  const checksum = crc32(JSON.stringify([list, position]))
  return Buffer.from(JSON.stringify([checksum, ...position])).toString('base64url')
}

/** Reads what `writeCursor` wrote; undefined for anything else, and for a cursor of another list. */
export function readCursor(list: string, cursor: string): Position | undefined {
  const [, ...position] = parse(Buffer.from(cursor, 'base64url').toString())
  return isPosition(position) && writeCursor(list, position) === cursor ? position : undefined
}

function parse(text: string): unknown[] {
  try {
    const parsed = JSON.parse(text)
    return Array.isArray(parsed) ? parsed : []
  } catch {
    return []
  }
}

/** Anyone can compute the checksum: what the database gets is checked besides. */
function isPosition(values: unknown[]): values is Position {
  const [id, text = '', ...more] = values.toReversed()
  const isText = typeof text === 'string' && text.isWellFormed() && !text.includes('\0')
  return Number.isSafeInteger(id) && isText && more.length === 0
}
