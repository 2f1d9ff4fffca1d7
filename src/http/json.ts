import { type JSONVisitor, printParseErrorCode, visit } from 'jsonc-parser'
import { HttpError } from './http-error.ts'
import { NESTING_LIMIT } from './nesting.ts'

const STRICT = { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false }

/**
 * Parses JSON (RFC 8259). Refuses repeated member names, since parsers disagree about them (§4), and `__proto__`,
 * since it can change the prototype of an object.
 *
 * @throws {HttpError} 400 for malformed JSON, a repeated name, `__proto__`, a number that overflows, or
 * nesting over the limit
 */
export function parseJson(text: string): unknown {
  visit(text, createChecks(), STRICT)
  return JSON.parse(text)
}

/** Creates callbacks for the parser. Lines and columns are counted from 0. */
function createChecks(): JSONVisitor {
  const openScopes: Set<string>[] = [] // names of the members so far, per open object or array
  const open = (_offset: number, _length: number, line: number, column: number) => {
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
        throw badRequest(`has two members named ${JSON.stringify(name)}`, line, column)
      }
      openScopes.at(-1)?.add(name)
    },
    onLiteralValue: (value, _offset, _length, line, column) => {
      if (Math.abs(value) === Number.POSITIVE_INFINITY) {
        throw badRequest('has a number that is too large', line, column)
      }
    },
    onError: (code, _offset, _length, line, column) => {
      const reason = printParseErrorCode(code).replace(/\B[A-Z]/g, (letter) => ` ${letter}`)
      throw badRequest(`is malformed: ${reason.toLowerCase()}`, line, column)
    },
  }
}

function badRequest(reason: string, line: number, column: number) {
  return new HttpError(
    'BAD_REQUEST',
    `the JSON body ${reason} (line ${line + 1}, column ${column + 1})`,
  )
}

/** Formats JSON like Python's `json.dumps`, with a space after each comma and colon. */
export function formatJson(value: unknown): string {
  // JSON escapes line breaks in strings, so each line break here is from the indentation.
  return JSON.stringify(value, null, 1).replace(/,\n */g, ', ').replace(/\n */g, '')
}
