import { NO_STORE } from './cache-policy.ts'
import { html } from './html.ts'
import { HTML } from './media-types.ts'
import { errorDocument, PROBLEM_TYPES, type Problem, reasonOf, writeProblem } from './problem.ts'
import { createProblemTypeChooser } from './problem-type.ts'
import { SECURITY_FIELDS } from './security-fields.ts'

/**
 * Writes a problem in each media type in advance, so that a response costs next to nothing. The caller adds header
 * fields that differ between requests. Strict-Transport-Security is left out, since browsers get it with every other
 * response.
 *
 * @param fields header fields of the response, except those of its content
 * @returns a function that returns the body and the header fields for a value of Accept. The header fields are a flat
 * list: name, value, name, …
 */
export function prepareProblem(problem: Problem, fields: Record<string, string | string[]>) {
  const prepare = (mediaType: string) => {
    const body = mediaType === HTML ? renderPage(problem) : writeProblem(problem, mediaType)
    const all = {
      ...SECURITY_FIELDS,
      'cache-control': NO_STORE,
      ...fields,
      'content-type': mediaType,
      'content-length': String(Buffer.byteLength(body)),
    }
    return { fields: Object.entries(all).flat(2), body }
  }
  const replies = new Map(PROBLEM_TYPES.map((mediaType) => [mediaType, prepare(mediaType)]))
  const chooseType = createProblemTypeChooser(PROBLEM_TYPES)
  // The cast holds because `chooseType` returns one of the prepared types.
  return (accept?: string) => replies.get(chooseType(accept)) as ReturnType<typeof prepare>
}

/** Renders a page without links, since it is rendered before a request arrives. */
function renderPage(problem: Problem): string {
  const title = `${problem.status} ${reasonOf(problem.status)}`
  const { message } = errorDocument(problem)
  const page = html`<!doctype html><html lang="en"><title>${title}</title><h1>${title}</h1><p>${message}</p></html>\n`
  return String(page)
}
