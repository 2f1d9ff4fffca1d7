/** Describes for the log which resource a request has written to. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { versionOf } from '../../src/http/entity-tag.ts'
import { SAFE_METHODS } from '../../src/http/route-info.ts'

export interface WriteTarget {
  /** Path of the resource; for an item with an id, the path of its collection. */
  resource: string
  id?: string | undefined
  /** Version after the write; for DELETE, the deleted version. */
  version?: string | undefined
}

/** The route of an item ends with the parameter of its id. */
const ITEM_ROUTE = /\/:\w+$/

/** A strong entity tag. */
const ENTITY_TAG = /^"([^"]*)"$/

/**
 * Returns the target of a write that succeeded or that an account attempted; undefined for other requests. The path of
 * any other URL may be a secret that somebody typed into the wrong place.
 *
 * @param reply undefined if the client disconnected before the response was sent
 */
export function writeTargetOf(
  request: FastifyRequest,
  reply: FastifyReply | undefined,
): WriteTarget | undefined {
  const { method, url, headers, routeOptions } = request
  if (SAFE_METHODS.includes(method) || routeOptions.url === undefined) return undefined
  const isDone = reply !== undefined && reply.statusCode >= 200 && reply.statusCode < 300
  if (!isDone && !request.principal) return undefined
  const location = isDone ? reply.getHeader('location') : undefined
  const path = String(location ?? url).replace(/\?.*/, '')
  const isItem = location !== undefined || ITEM_ROUTE.test(routeOptions.url)
  const slash = path.lastIndexOf('/')
  return {
    resource: isItem ? path.slice(0, slash) : path,
    id: isItem ? path.slice(slash + 1) : undefined,
    version: isDone
      ? versionIn(method === 'DELETE' ? headers['if-match'] : reply.getHeader('etag'))
      : undefined,
  }
}

/** Returns the version in an entity tag; undefined for any other value of the header field. */
function versionIn(field: unknown): string | undefined {
  const tag = ENTITY_TAG.exec(String(field))?.[1]
  return tag && versionOf(tag)
}
