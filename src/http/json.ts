import { printParseErrorCode, visit } from 'jsonc-parser'
import { HttpError } from './http-error.ts'
import { NESTING_LIMIT } from './nesting.ts'

const STRICT = { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false }

/**
 * Reads a JSON text (RFC 8259) that means one thing only: a repeated member name would be read
 * differently by different readers (§4), and `__proto__` as a prototype by careless ones.
 *
 * @throws {HttpError} 400 for what is no JSON, a repeated name, or nesting past the limit.
 */
export function parseJson(text: string): unknown {
  const scopes: Set<string>[] = []
  const enter = (line: number, character: number) => {
    scopes.push(new Set())
    if (scopes.length > NESTING_LIMIT) {
      throw refusal(`nests deeper than ${NESTING_LIMIT} levels`, line, character)
    }
  }
  const leave = () => {
    scopes.pop()
  }
  visit(
    text,
    {
      onObjectBegin: (_offset, _length, line, character) => enter(line, character),
      onObjectEnd: leave,
      onArrayBegin: (_offset, _length, line, character) => enter(line, character),
      onArrayEnd: leave,
      onObjectProperty: (name, _offset, _length, line, character) => {
        if (name === '__proto__') throw refusal('has a member named __proto__', line, character)
        if (scopes.at(-1)?.has(name)) {
          throw refusal(`has two members named ${JSON.stringify(name)}`, line, character)
        }
        scopes.at(-1)?.add(name)
      },
      onLiteralValue: (value, _offset, _length, line, character) => {
        if (Math.abs(value) === Number.POSITIVE_INFINITY) {
          throw refusal('has a number beyond those of IEEE 754', line, character)
        }
      },
      onError: (code, _offset, _length, line, character) => {
        const reason = printParseErrorCode(code).replace(/\B[A-Z]/g, (letter) => ` ${letter}`)
        throw refusal(`is malformed: ${reason.toLowerCase()}`, line, character)
      },
    },
    STRICT,
  )
  return JSON.parse(text)
}

function refusal(reason: string, line: number, character: number) {
  return new HttpError(
    'BAD_REQUEST',
    `the JSON body ${reason} (line ${line + 1}, column ${character + 1})`,
  )
}

/** Writes JSON as Python's `json.dumps` does, with a space behind each comma and colon. */
export function formatJson(value: unknown): string {
  // a line break of the output is never inside a string, where JSON escapes it
  return JSON.stringify(value, null, 1).replace(/,\n */g, ', ').replace(/\n */g, '')
}
