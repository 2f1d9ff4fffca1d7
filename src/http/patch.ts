import { Type } from 'typebox'
import { HttpError } from './http-error.ts'
import { applyOperations, mergePatch, type Operation } from './json-patch.ts'
import { escapePointer, ValidationError } from './validation.ts'

export const MERGE_PATCH = 'application/merge-patch+json'
export const JSON_PATCH = 'application/json-patch+json'

/** In characters: names and indices far longer than those of any document here. */
const LONGEST_POINTER = 1_000

/** A pointer into the document (RFC 6901 §3). */
const pointer = Type.String({
  pattern: '^(?:/(?:[^~/]|~[01])*)*$',
  maxLength: LONGEST_POINTER,
  'x-expected': 'a JSON Pointer',
  description: 'Where in the document, as a JSON Pointer',
})

/**
 * The media types of a patch, and what is a patch in each: an object, or operations in a list.
 *
 * @param example members that a client may change, with what they may become.
 */
export function patchContent(example: Record<string, unknown>) {
  const operations = Object.entries(example).map(([name, value]) => ({
    op: 'replace',
    path: `/${escapePointer(name)}`,
    value,
  }))
  return {
    [MERGE_PATCH]: {
      schema: Type.Object(
        {},
        { additionalProperties: true, minProperties: 1, examples: [example] },
      ),
    },
    [JSON_PATCH]: {
      schema: Type.Array(OPERATION, { minItems: 1, maxItems: 100, examples: [operations] }),
    },
  }
}

/** One operation (RFC 6902 §4). */
const OPERATION = Type.Object(
  {
    op: Type.Enum(['add', 'remove', 'replace', 'move', 'copy', 'test']),
    path: pointer,
    from: Type.Optional(pointer),
    value: Type.Optional(Type.Unknown({ description: 'What to put there, or to expect' })),
  },
  { title: 'JsonPatchOperation' },
)

/**
 * Applies a merge patch (RFC 7396) or a JSON Patch (RFC 6902), all of it or nothing.
 *
 * @param patch as `patchContent` describes it.
 * @returns the patched document; the one that was given stays as it is.
 * @throws {HttpError} as `applyOperations`.
 */
export function applyPatch(
  mediaType: string | undefined,
  document: object,
  patch: unknown,
): unknown {
  if (mediaType === MERGE_PATCH) return mergePatch(document, patch)
  // the route's schema is of `patchContent`
  return applyOperations(structuredClone(document), patch as Operation[])
}

/**
 * Reads what a patch has made of a document, checked as a whole.
 *
 * @param read throws a `ValidationError` for what may not be so.
 * @throws {HttpError} 422 that names each member: the patch is well-formed, its result is not (RFC 5789 §2.2).
 */
export function readPatched<Result>(read: () => Result): Result {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error
    throw new HttpError('UNPROCESSABLE_CONTENT', `patched, ${error.message}`, {
      violations: error.violationsIn('body'),
    })
  }
}
