import { isDeepStrictEqual } from 'node:util'
import { type JSONVisitor, printParseErrorCode, visit } from 'jsonc-parser'
import { type BodyOptions, NESTING_LIMIT, tooManyValues } from './body-options.ts'
import { HttpError } from './http-error.ts'
import { shorten } from './shorten.ts'
import { escapePointer, shortenPointer, type Violation } from './validation.ts'

const STRICT = { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false }

/** Maximum length of a name in an error, in characters. */
const MAX_NAME_LENGTH = 1_000

/**
 * Parses JSON (RFC 8259). Refuses repeated member names, since parsers disagree about them (§4), and `__proto__`,
 * since it can change the prototype of an object. Also refuses numbers that a double cannot hold (RFC 7493 §2.2), since
 * the client would get back other numbers than it has sent.
 *
 * @throws {HttpError} 400 for malformed JSON, a repeated name, `__proto__`, such a number, or nesting over the limit;
 * 413 for too many values
 */
export function parseJson(text: string, options: BodyOptions = {}): unknown {
  visit(text, createChecks(text, options), STRICT)
  return JSON.parse(text)
}

/** Creates callbacks for the parser. Lines and columns are counted from 0. */
function createChecks(
  text: string,
  { keepsBytes = false, maxValues = Number.POSITIVE_INFINITY }: BodyOptions,
): JSONVisitor {
  const openScopes: Set<string>[] = [] // names of the members so far, per open object or array
  let values = 0
  const count = () => {
    if (++values > maxValues) throw tooManyValues(maxValues, 'JSON values')
  }
  const open = (_offset: number, _length: number, line: number, column: number) => {
    count()
    openScopes.push(new Set())
    if (openScopes.length > NESTING_LIMIT) {
      throw badRequest(`is nested more than ${NESTING_LIMIT} levels deep`, line, column)
    }
  }
  const close = () => {
    openScopes.pop()
  }
  return {
    onObjectBegin: open,
    onObjectEnd: close,
    onArrayBegin: open,
    onArrayEnd: close,
    onObjectProperty: (name, _offset, _length, line, column) => {
      if (name === '__proto__') throw badRequest('has a member named __proto__', line, column)
      if (openScopes.at(-1)?.has(name)) {
        const shown = JSON.stringify(shorten(name, MAX_NAME_LENGTH))
        throw badRequest(`has two members named ${shown}`, line, column)
      }
      openScopes.at(-1)?.add(name)
    },
    onLiteralValue: (value, offset, length, line, column, pathOf) => {
      count()
      if (typeof value !== 'number' || keepsBytes) return
      const isSuspect = Math.abs(value) > Number.MAX_SAFE_INTEGER || (value === 0 && length > 1)
      const expected = isSuspect && expectedOf(value, text.substr(offset, length))
      if (!expected) return
      const keys = pathOf().map((key) => `/${escapePointer(String(key))}`)
      const pointer = shortenPointer(keys.join(''))
      const violations = [{ in: 'body', pointer, message: `must be ${expected}` }]
      const reason = `has a number${pointer && ` at ${pointer}`} that must be ${expected}`
      throw badRequest(reason, line, column, violations)
    },
    onError: (code, _offset, _length, line, column) => {
      const reason = printParseErrorCode(code).replace(/\B[A-Z]/g, (letter) => ` ${letter}`)
      throw badRequest(`is malformed: ${reason.toLowerCase()}`, line, column)
    },
  }
}

const INTEGERS = `from ${Number.MIN_SAFE_INTEGER} to ${Number.MAX_SAFE_INTEGER}, or a string`

/** Returns the requirement that a number does not meet; undefined if a double holds the number. */
function expectedOf(value: number, source: string): string | undefined {
  const [digits = '', exponent] = source.toLowerCase().split('e')
  if (!Number.isFinite(value)) return 'from -1.8e308 to 1.8e308, or a string'
  if (value === 0) return /[1-9]/.test(digits) ? '0, not between -5e-324 and 5e-324' : undefined
  return exponent ? undefined : INTEGERS
}

function badRequest(reason: string, line: number, column: number, violations?: Violation[]) {
  const detail = `the JSON body ${reason} (line ${line + 1}, column ${column + 1})`
  return new HttpError('BAD_REQUEST', detail, violations && { violations })
}

declare global {
  /** Functions of ES2026 that TypeScript does not declare. */
  interface JSON {
    parse(
      text: string,
      reviver: (name: string, value: unknown, context: { source: string }) => unknown,
    ): unknown
    rawJSON(text: string): unknown
  }
}

/** Parses JSON for display: numbers keep their digits when they are written again. */
export function parseExactly(text: string): unknown {
  return JSON.parse(text, (_name, value, { source }) =>
    typeof value === 'number' ? JSON.rawJSON(source) : value,
  )
}

/** Formats JSON like Python's `json.dumps`, with a space after each comma and colon. */
export function formatJson(value: unknown): string {
  // JSON escapes line breaks in strings, so each line break here is from the indentation.
  return JSON.stringify(value, null, 1).replace(/,\n */g, ', ').replace(/\n */g, '')
}

/** Compares JSON values. Numbers are equal if they are numerically equal, such as 0 and -0 (RFC 6902 §4.6). */
export function isSameJson(one: unknown, other: unknown): boolean {
  // `JSON.stringify` writes -0 as 0.
  return isDeepStrictEqual(one, other) || isDeepStrictEqual(rewritten(one), rewritten(other))
}

function rewritten(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}
