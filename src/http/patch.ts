import { Type } from 'typebox'
import { HttpError } from './http-error.ts'
import { applyOperations, mergePatch, PatchOperation } from './json-patch.ts'
import { escapePointer, ValidationError } from './validation.ts'

export const MERGE_PATCH = 'application/merge-patch+json'
export const JSON_PATCH = 'application/json-patch+json'

/**
 * Returns the OpenAPI `content` map of a PATCH body: a merge patch object, or a list of JSON Patch operations. JSON is
 * read as a merge patch, since most clients send a patch with that media type.
 *
 * @param example members that a client may change, with example values
 */
export function patchContent(example: Record<string, unknown>) {
  const operations = Object.entries(example).map(([name, value]) => ({
    op: 'replace',
    path: `/${escapePointer(name)}`,
    value,
  }))
  const members = Type.Object(
    {},
    {
      additionalProperties: true,
      examples: [example],
      description: 'Members to change, as a merge patch (RFC 7396); null removes a member',
    },
  )
  return {
    [MERGE_PATCH]: { schema: members },
    [JSON_PATCH]: {
      schema: Type.Array(PatchOperation, { maxItems: 100, examples: [operations] }),
    },
    'application/json': { schema: members },
  }
}

/**
 * Applies a merge patch (RFC 7396) or a JSON Patch (RFC 6902), completely or not at all.
 *
 * @param mediaType one of `patchContent`
 * @param patch validated against the schema of `patchContent`
 * @returns a patched copy; the document is not changed
 * @throws {HttpError} see `applyOperations`
 */
export function applyPatch(
  mediaType: string | undefined,
  document: object,
  patch: unknown,
): unknown {
  if (mediaType !== JSON_PATCH) return mergePatch(document, patch)
  // The cast holds because the route has validated the patch against `patchContent`.
  return applyOperations(structuredClone(document), patch as PatchOperation[])
}

/**
 * Validates a patched document.
 *
 * @param validate returns the document, or throws a `ValidationError`
 * @throws {HttpError} 422 with each invalid member, if a well-formed patch has an invalid result (RFC 5789 §2.2)
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
