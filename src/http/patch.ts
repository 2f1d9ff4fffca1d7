import { apply as applyMergePatch } from 'json-merge-patch'
import { applyPatch as applyJsonPatch, type Operation } from 'rfc6902'
import { Type } from 'typebox'
import { HttpError } from './http-error.ts'

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
      Type.Object(
        {
          op: Type.Enum(['add', 'remove', 'replace', 'move', 'copy', 'test']),
          path: pointer,
          from: Type.Optional(pointer),
          value: Type.Optional(Type.Unknown({ description: 'What to put there, or to expect' })),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 100, title: 'JsonPatch' },
    ),
  },
}

/**
 * Applies a merge patch (RFC 7396) or a JSON Patch (RFC 6902), all of it or nothing.
 *
 * @param patch as `PATCH_CONTENT` describes it.
 * @returns the patched document; the one that was given stays as it is.
 * @throws {HttpError} 409 where a `test` fails, 422 for an operation that cannot be carried out.
 */
export function applyPatch(
  mediaType: string | undefined,
  document: object,
  patch: unknown,
): unknown {
  const patched = structuredClone(document)
  if (mediaType === MERGE_PATCH) return applyMergePatch(patched, patch)
  const operations = patch as Operation[] // the route's schema is PATCH_CONTENT
  for (const [index, error] of applyJsonPatch(patched, operations).entries()) {
    if (error) {
      const code = error.name === 'TestError' ? 'CONFLICT' : 'UNPROCESSABLE_CONTENT'
      throw new HttpError(code, `operation ${index + 1}, at ${operations[index]?.path}, fails`)
    }
  }
  return patched
}
