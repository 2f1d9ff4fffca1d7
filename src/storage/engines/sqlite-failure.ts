import { DatabaseFull, DatabaseUnavailable } from './failure.ts'
import { type Statement, violationOf } from './sqlite-constraints.ts'

/** Primary result codes of SQLite (sqlite.org/rescode.html). */
const UNAVAILABLE_CODES = [
  5, // busy
  6, // locked
  8, // read-only
  10, // input or output error
  14, // cannot open
  15, // locking protocol
]
const FULL_CODE = 13
const CONSTRAINT_CODE = 19

/** Translates an error of SQLite. Returns errors without a translation unchanged. */
export function translate(error: unknown, statement: Statement): unknown {
  const { errcode, message } = Object(error)
  const code = errcode & 0xff
  if (code === FULL_CODE) return new DatabaseFull(`SQLite: ${message}`, { cause: error })
  if (UNAVAILABLE_CODES.includes(code)) {
    return new DatabaseUnavailable(`SQLite: ${message}`, { cause: error })
  }
  return code === CONSTRAINT_CODE ? (violationOf(statement, error) ?? error) : error
}
