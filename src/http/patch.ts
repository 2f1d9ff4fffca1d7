import { Type } from 'typebox'
import { HttpError } from './http-error.ts'
import { applyOperations, mergePatch, type PatchOperation } from './json-patch.ts'
import { escapePointer, ValidationError } from './validation.ts'

export const MERGE_PATCH = 'application/merge-patch+json'
export const JSON_PATCH = 'application/json-patch+json'

/** Maximum length of a JSON Pointer, in characters: far more than the documents here need. */
const POINTER_LIMIT = 1_000

const pointer = Type.String({
  pattern: '^(?:/(?:[^~/]|~[01])*)*$',
  maxLength: POINTER_LIMIT,
  'x-expected': 'a JSON Pointer',
  description: 'Location in the document, as a JSON Pointer (RFC 6901)',
})

/**
 * Returns the OpenAPI `content` map of a PATCH body: a merge patch object, or a list of JSON Patch operations.
 *
 * @param example members that a client may change, with example values
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

const OPERATION = Type.Object(
  {
    op: Type.Enum(['add', 'remove', 'replace', 'move', 'copy', 'test']),
    path: pointer,
    from: Type.Optional(pointer),
    value: Type.Optional(Type.Unknown({ description: 'New value; for test, the expected value' })),
  },
  { title: 'JsonPatchOperation' },
)

/**
 * Applies a merge patch (RFC 7396) or a JSON Patch (RFC 6902), completely or not at all.
 *
 * @param patch valid by the schema of `patchContent`
 * @returns a patched copy; the document is not changed
 * @throws {HttpError} see `applyOperations`
 */
export function applyPatch(
  mediaType: string | undefined,
  document: object,
  patch: unknown,
): unknown {
  if (mediaType === MERGE_PATCH) return mergePatch(document, patch)
  // The cast holds because the route validated the patch by `patchContent`.
  return applyOperations(structuredClone(document), patch as PatchOperation[])
}

/**
 * Validates a patched document.
 *
 * @param validate returns the document, or throws a `ValidationError`
 * @throws {HttpError} 422 with each invalid member: the patch is well-formed, but not its result (RFC 5789 §2.2)
 */
export function validatePatched<Result>(validate: () => Result): Result {
  try {
    return validate()
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error
    throw new HttpError('UNPROCESSABLE_CONTENT', `after the patch, ${error.message}`, {
      violations: error.violationsIn('body'),
    })
  }
}
