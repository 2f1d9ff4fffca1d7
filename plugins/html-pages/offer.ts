import { canAnswer, type RouteInfo } from '../../src/http/route-info.ts'
import type { Draft } from './body.ts'
import type { Request } from './curl.ts'

/** A call that a page offers to make. */
export interface Offer {
  operation: RouteInfo
  /** Absolute. */
  url: string
  /** Bodies to begin with, one a media type; none where it takes none. */
  drafts: Draft[]
  /** The entity tag of what is there; empty where none is known. */
  tag: string
}

/** Whether it may ask who the client is. */
export function mayChallenge(operation: RouteInfo): boolean {
  return canAnswer(operation, 401)
}

/** Whether it has to be told which version was seen. */
export function needsTag(operation: RouteInfo): boolean {
  return canAnswer(operation, 428)
}

/** Whether it is done once under an Idempotency-Key. */
export function isDoneOnce({ schema }: RouteInfo): boolean {
  return schema['x-idempotency-key'] === true
}

/** The request that makes the call, with the first of its drafts. */
export function requestOf({ operation, url, drafts: [draft], tag }: Offer): Request {
  return {
    method: operation.method,
    url,
    scheme: mayChallenge(operation) ? 'Basic' : undefined,
    fields: {
      ...(needsTag(operation) && tag && { 'if-match': tag }),
      ...(draft && { 'content-type': draft.mediaType }),
    },
    body: draft && compact(draft),
  }
}

/** Puts JSON on a line. */
function compact({ mediaType, text }: Draft): string {
  return mediaType.endsWith('json') ? JSON.stringify(JSON.parse(text)) : text
}
