import { Type } from 'typebox'
import { HttpError } from './http-error.ts'
import { applyOperations, mergePatch, type Operation } from './json-patch.ts'
import { ValidationError } from './validation.ts'

export const MERGE_PATCH = 'application/merge-patch+json'
export const JSON_PATCH = 'application/json-patch+json'

/** A pointer into the document (RFC 6901 §3). */
const pointer = Type.String({
  pattern: '^(?:/(?:[^~/]|~[01])*)*$',
  'x-expected': 'a JSON Pointer',
  description: 'Where in the document, as a JSON Pointer',
})

/** The media types of a patch, and what is a patch in each: an object, or operations in a list. */
export const PATCH_CONTENT = {
  [MERGE_PATCH]: { schema: Type.Object({}, { minProperties: 1, title: 'MergePatch' }) },
  [JSON_PATCH]: {
    schema: Type.Array(
      Type.Object({
        op: Type.Enum(['add', 'remove', 'replace', 'move', 'copy', 'test']),
        path: pointer,
        from: Type.Optional(pointer),
        value: Type.Optional(Type.Unknown({ description: 'What to put there, or to expect' })),
      }),
      { minItems: 1, maxItems: 100, title: 'JsonPatch' },
    ),
  },
}

/**
 * Applies a merge patch (RFC 7396) or a JSON Patch (RFC 6902), all of it or nothing.
 *
 * @param patch as `PATCH_CONTENT` describes it.
 * @returns the patched document; the one that was given stays as it is.
 * @throws {HttpError} as `applyOperations`.
 */
export function applyPatch(
  mediaType: string | undefined,
  document: object,
  patch: unknown,
): unknown {
  if (mediaType === MERGE_PATCH) return mergePatch(document, patch)
  // the route's schema is PATCH_CONTENT
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
