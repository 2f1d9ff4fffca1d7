import { LRUCache } from 'lru-cache'
import { selectMediaType } from './accept.ts'
import { html } from './html.ts'
import { HTML, JSON_TYPE } from './media-types.ts'
import { errorDocument, PROBLEM_TYPES, type Problem, reasonOf, writeProblem } from './problem.ts'
import { SECURITY_FIELDS } from './security-fields.ts'

/** A reply to a failure, but for what differs from one request to the next. */
export interface PreparedReply {
  /** Names and values of fields, in turn. */
  fields: string[]
  body: string
}

/** Values of Accept that are remembered: most clients send one of a few. */
const REMEMBERED = 50

/**
 * Writes a problem in all of its media types, for who has no time to write any when the request is there.
 *
 * Fields that tell a browser to come by HTTPS are left out: it learns that from any other reply.
 *
 * @param fields what the reply has besides those of its content.
 * @returns what gives the reply for the value of an Accept field (RFC 9110 §12.5.1).
 */
export function prepareProblem(problem: Problem, fields: Record<string, string | string[]>) {
  const prepare = (mediaType: string): PreparedReply => {
    const body = mediaType === HTML ? renderPage(problem) : writeProblem(problem, mediaType)
    const all = {
      ...SECURITY_FIELDS,
      ...fields,
      'content-type': mediaType,
      'content-length': String(Buffer.byteLength(body)),
    }
    return { fields: Object.entries(all).flat(2), body }
  }
  const standard = prepare(JSON_TYPE)
  const replies = new Map(PROBLEM_TYPES.map((mediaType) => [mediaType, prepare(mediaType)]))
  const choices = new LRUCache<string, PreparedReply>({ max: REMEMBERED })

  return (accept = ''): PreparedReply => {
    const known = choices.get(accept)
    if (known) return known
    const reply = replies.get(selectMediaType(accept, PROBLEM_TYPES) ?? '') ?? standard
    choices.set(accept, reply)
    return reply
  }
}

/** A page without the links of others: they are made for a request. */
function renderPage(problem: Problem): string {
  const title = `${problem.status} ${reasonOf(problem.status)}`
  const { message } = errorDocument(problem)
  const page = html`<!doctype html><html lang="en"><title>${title}</title><h1>${title}</h1><p>${message}</p></html>\n`
  return String(page)
}
