import { type Static, Type } from 'typebox'
import { HttpError } from './http-error.ts'
import { isSameJson } from './json.ts'

/** Maximum length of a JSON Pointer, in characters. Documents of this service need far less. */
const POINTER_LIMIT = 1_000

const pointer = Type.String({
  pattern: '^(?:/(?:[^~/]|~[01])*)*$',
  maxLength: POINTER_LIMIT,
  'x-expected': 'a JSON Pointer',
  description: 'Location in the document, as a JSON Pointer (RFC 6901)',
})

/** One operation (RFC 6902 §4). Members that are not part of the operation are ignored. */
export const PatchOperation = Type.Object(
  {
    op: Type.Enum(['add', 'remove', 'replace', 'move', 'copy', 'test']),
    path: pointer,
    from: Type.Optional(pointer),
    value: Type.Optional(
      Type.Unknown({ description: 'New value; for test operations, the expected value' }),
    ),
  },
  { title: 'JsonPatchOperation' },
)
export type PatchOperation = Static<typeof PatchOperation>

type Container = unknown[] | Record<string, unknown>

/**
 * Maximum total length of the values that one patch copies, in characters of JSON. Each copy can double the document.
 */
const COPIED_CHARACTERS_LIMIT = 262_144

/**
 * Applies operations in order and stops at the first that fails.
 *
 * @param document changed in place, so pass a copy
 * @returns the patched document
 * @throws {HttpError} 400 for an operation without a required member, 409 for a failed `test`, 422 for a location that
 * does not exist, or if the copied values exceed the limit
 */
export function applyOperations(document: unknown, operations: readonly PatchOperation[]): unknown {
  let copied = 0
  return operations.reduce<unknown>((root, operation, index) => {
    const failure: Failure = (code, reason) =>
      new HttpError(
        code,
        `operation ${index + 1}, ${operation.op} at "${operation.path}": ${reason}`,
      )
    const copy = (value: unknown) => {
      const text = JSON.stringify(value)
      copied += text.length
      if (copied <= COPIED_CHARACTERS_LIMIT) return JSON.parse(text)
      throw failure('UNPROCESSABLE_CONTENT', 'the copied values are too large')
    }
    return applyOperation(root, operation, failure, copy)
  }, document)
}

/** Creates the error of one operation. */
type Failure = (
  code: 'BAD_REQUEST' | 'CONFLICT' | 'UNPROCESSABLE_CONTENT',
  reason: string,
) => HttpError

function applyOperation(
  root: unknown,
  operation: PatchOperation,
  failure: Failure,
  copy: (value: unknown) => unknown,
): unknown {
  const { op, path, from, value } = operation
  const missing = () => failure('UNPROCESSABLE_CONTENT', 'the location does not exist')
  const source = () => {
    if (from === undefined) throw failure('BAD_REQUEST', 'from is required')
    return from
  }
  if (['add', 'replace', 'test'].includes(op) && !Object.hasOwn(operation, 'value')) {
    throw failure('BAD_REQUEST', 'value is required')
  }
  switch (op) {
    case 'add':
      return add(root, path, value, missing)
    case 'remove':
      return remove(root, path, missing)
    case 'replace':
      if (path === '') return value
      return add(remove(root, path, missing), path, value, missing)
    case 'move': {
      if (path.startsWith(`${source()}/`)) throw missing()
      const moved = get(root, source(), missing)
      return add(remove(root, source(), missing), path, moved, missing)
    }
    case 'copy':
      return add(root, path, copy(get(root, source(), missing)), missing)
    case 'test':
      if (isSameJson(get(root, path, missing), value)) return root
      throw failure('CONFLICT', 'the current value differs')
  }
}

/** Returns the unescaped tokens of a pointer (RFC 6901 §4). */
function tokensOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
}

const INDEX = /^(?:0|[1-9]\d*)$/

function get(root: unknown, pointer: string, missing: () => HttpError): unknown {
  let node = root
  for (const token of tokensOf(pointer)) {
    if (Array.isArray(node) && INDEX.test(token) && Number(token) < node.length) {
      node = node[Number(token)]
    } else if (isObject(node) && Object.hasOwn(node, token)) node = node[token]
    else throw missing()
  }
  return node
}

/** Returns the object or array that contains the pointer's target, and the target's name or index. */
function locate(root: unknown, pointer: string, missing: () => HttpError) {
  const token = String(tokensOf(pointer).at(-1)) // callers handle the empty pointer
  const container = get(root, pointer.slice(0, pointer.lastIndexOf('/')), missing)
  if (!Array.isArray(container) && !isObject(container)) throw missing()
  return { token, container: container as Container }
}

function add(root: unknown, pointer: string, value: unknown, missing: () => HttpError): unknown {
  if (pointer === '') return value
  const { token, container } = locate(root, pointer, missing)
  if (!Array.isArray(container)) {
    // An assignment to __proto__ would set the prototype.
    Object.defineProperty(container, token, {
      value,
      configurable: true,
      enumerable: true,
      writable: true,
    })
  } else if (token === '-') container.push(value)
  else if (INDEX.test(token) && Number(token) <= container.length) {
    container.splice(Number(token), 0, value)
  } else throw missing()
  return root
}

function remove(root: unknown, pointer: string, missing: () => HttpError): unknown {
  get(root, pointer, missing)
  if (pointer === '') return null
  const { token, container } = locate(root, pointer, missing)
  if (Array.isArray(container)) container.splice(Number(token), 1)
  else delete container[token]
  return root
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Applies a merge patch (RFC 7396 §2), and returns the result; the target is not changed. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch
  const merged = new Map(isObject(target) ? Object.entries(target) : [])
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name)
    else merged.set(name, mergePatch(merged.get(name), value))
  }
  return Object.fromEntries(merged)
}
