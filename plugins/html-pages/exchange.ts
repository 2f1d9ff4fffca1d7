import type { Scheme } from '../../src/http/authentication-schemes.ts'
import type { RouteInfo } from '../../src/http/route-info.ts'
import type { CurlRequest, TrialAccount } from './curl.ts'
import type { IsReadable } from './link.ts'

/** Returns the path of an operation's reference page; undefined if there is none. */
export type ReferenceOf = (route: RouteInfo) => string | undefined

/** A request to the API and its response, as a page shows them. */
export interface Exchange {
  /** Title of the page: a summary of the response. */
  title: string
  /** Sentence that describes the response. */
  lead?: string | undefined
  /** The request with `Accept: application/json`. */
  request: CurlRequest
  /** The path as the client sees it, without the query. */
  path: string
  /** Path before the paths of the service; empty if there is none. */
  pathPrefix: string
  /** The response to that request. */
  response: {
    status: number
    reason: string
    fields: [name: string, value: string][]
    /** The parsed JSON. */
    document: unknown
  }
  /** Routes of this path, one per method. */
  routes: readonly RouteInfo[]
  /** Names of the lists within the resource, which are one segment below its path. */
  lists: readonly string[]
  isReadable: IsReadable
  /** Authentication schemes that the service accepts. */
  schemes: readonly Scheme[]
  /** Public account for first trials, if the service has one. */
  account?: TrialAccount | undefined
  referenceOf: ReferenceOf
  /** Members of the header field Debug-Trace, which exists only with DEBUG. */
  trace?: string[] | undefined
}
