import type { Scheme } from '../../src/http/authentication-schemes.ts'
import { kindOf } from '../../src/http/body.ts'
import { hasResponse, type RouteInfo } from '../../src/http/route-info.ts'
import type { Draft } from './body.ts'
import type { CurlRequest } from './curl.ts'

/** A request that a page suggests, as a form or as a command. */
export interface ExampleCall {
  route: RouteInfo
  /** Absolute URL. */
  url: string
  /** One draft for each media type; empty if the route accepts no body. */
  drafts: Draft[]
  /** Current entity tag of the resource; empty if not known. */
  etag: string
  /** Authentication schemes that the service accepts. */
  schemes: readonly Scheme[]
}

export function mayRequireCredentials(route: RouteInfo): boolean {
  return hasResponse(route, 401)
}

export function mayRequireIfMatch(route: RouteInfo): boolean {
  return hasResponse(route, 428)
}

/** Returns the request of a call, with the first draft as its body. */
export function exampleRequest(call: ExampleCall): CurlRequest {
  const {
    route,
    url,
    drafts: [draft],
    etag,
    schemes: [scheme],
  } = call
  return {
    method: route.method,
    url,
    scheme: mayRequireCredentials(route) ? scheme : undefined,
    fields: {
      ...(mayRequireIfMatch(route) && etag && { 'if-match': etag }),
      ...(draft && { 'content-type': draft.mediaType }),
    },
    body: draft && compact(draft),
  }
}

/** Writes JSON on a single line. */
function compact({ mediaType, text }: Draft): string {
  return kindOf(mediaType) === 'json' ? JSON.stringify(JSON.parse(text)) : text
}
