/**
 * Buffer of lines that wait to be written. Holds bytes, since thousands of short-lived strings would keep the
 * garbage collector busy.
 */
import { escapeControls } from './escape-controls.ts'

export type LineBuffer = ReturnType<typeof createLineBuffer>

/** Maximum number of bytes of a UTF-16 code unit: an escape such as `\u009b`. */
const MAX_BYTES_PER_UNIT = 6

const DEL = '\x7f'

/** Enough for the lines that a busy service writes in one batch interval. */
const INITIAL_CAPACITY_BYTES = 2 ** 17

export function createLineBuffer(maxBytes: number) {
  let filling = Buffer.allocUnsafe(INITIAL_CAPACITY_BYTES)
  /** Buffer that the last `take` returned, which is being written. */
  let taken = Buffer.allocUnsafe(INITIAL_CAPACITY_BYTES)
  let size = 0
  let lostLines = 0

  function append(line: string) {
    const needed = size + line.length * MAX_BYTES_PER_UNIT
    if (needed > filling.length) {
      filling = Buffer.concat([filling.subarray(0, size)], 2 * needed)
    }
    const bytes = filling.write(line, size)
    // Only DEL and characters of several bytes are escaped. To search them in each line would cost as much as to write it.
    const isPlain = bytes === line.length && !line.includes(DEL)
    size += isPlain ? bytes : filling.write(escapeControls(line), size)
  }

  return {
    /** Adds a line; if the buffer is full, counts the line as lost. */
    add(line: string) {
      if (size + line.length > maxBytes) lostLines++
      else append(line)
    },
    /** Returns the number of waiting bytes. */
    size: () => size,
    /** Returns all waiting lines. The bytes are valid until the next `take`. */
    take(): Uint8Array {
      const bytes = filling.subarray(0, size)
      ;[filling, taken] = [taken, filling]
      size = 0
      if (lostLines > 0) append(reportLoss(lostLines))
      lostLines = 0
      return bytes
    },
  }
}

function reportLoss(lines: number): string {
  const time = new Date().toISOString()
  return `${JSON.stringify({ level: 'warn', time, lines, msg: 'lines are lost' })}\n`
}
