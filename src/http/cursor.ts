import { hash } from 'node:crypto'
import type { Position } from '../storage/page.ts'

/** How many octets of the digest a cursor holds: enough to tell one list from another. */
const DIGEST_LENGTH = 9

/**
 * Writes a position in a list as an opaque text for a URL. It is no secret, and gives no right to
 * anything; the digest in it tells a cursor that was made for another list.
 *
 * @param list what makes the list: its path, its order, its filters.
 */
export function writeCursor(list: string, position: Position): string {
  const text = JSON.stringify(position)
  return Buffer.concat([digestOf(list, text), Buffer.from(text)]).toString('base64url')
}

/** Reads what `writeCursor` wrote; undefined for anything else, and for a cursor of another list. */
export function readCursor(list: string, cursor: string): Position | undefined {
  const octets = Buffer.from(cursor, 'base64url')
  const text = octets.toString('utf8', DIGEST_LENGTH)
  const isGenuine =
    octets.toString('base64url') === cursor &&
    octets.subarray(0, DIGEST_LENGTH).equals(digestOf(list, text))
  const position = isGenuine ? parse(text) : undefined
  return isPosition(position) ? position : undefined
}

function digestOf(list: string, text: string): Buffer {
  return hash('sha256', JSON.stringify([list, text]), 'buffer').subarray(0, DIGEST_LENGTH)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Anyone can compute the digest: what the database gets is checked besides. */
function isPosition(value: unknown): value is Position {
  if (!Array.isArray(value)) return false
  const [id, text = '', ...more] = value.toReversed()
  const isText = typeof text === 'string' && text.isWellFormed() && !text.includes('\0')
  return Number.isSafeInteger(id) && isText && more.length === 0
}
