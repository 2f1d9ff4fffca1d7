/**
 * Path prefix: a proxy publishes the service under a path such as `/api`, removes this path from the requests, and sends
 * it in X-Forwarded-Prefix. URLs in responses then begin with this path.
 *
 * The plugin adds the prefix to Location, Content-Location and Link. Other plugins add `request.pathPrefix` to the URLs
 * that they write. Only the listed proxies are trusted, since anyone could otherwise send clients to another path.
 */
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { type Static, Type } from 'typebox'
import { addHook } from '../src/hooks.ts'
import { createProxyTrust } from '../src/http/client-address.ts'
import { parsePathPrefix, withPathPrefix } from '../src/http/path-prefix.ts'
import { parseOptions } from '../src/plugin-options.ts'

export const PathPrefixOptions = Type.Object({
  trustedProxies: Type.Array(Type.String(), {
    default: [],
    description: 'Addresses or blocks of the proxies whose X-Forwarded-Prefix is used',
  }),
})
export type PathPrefixOptions = Partial<Static<typeof PathPrefixOptions>>
export const autoConfig = ({ config }: FastifyInstance): PathPrefixOptions => config.pathPrefix

declare module 'fastify' {
  interface FastifyRequest {
    /** Path before the paths of the service, without a slash at its end; empty or undefined if there is none. */
    pathPrefix?: string
  }
}

async function pathPrefix(app: FastifyInstance, options: PathPrefixOptions) {
  const { trustedProxies } = parseOptions('path-prefix', PathPrefixOptions, options)
  if (trustedProxies.length === 0) return
  const isTrusted = createProxyTrust(trustedProxies)

  app.decorateRequest('pathPrefix', '')
  addHook(app, 'onRequest', 'path-prefix', (request) => {
    const field = request.headers['x-forwarded-prefix']
    if (field === undefined || !isTrusted(request.socket.remoteAddress)) return
    request.pathPrefix = parsePathPrefix(String(field))
  })
  addHook(app, 'onSend', 'path-prefix', ({ pathPrefix }, reply, payload) => {
    if (pathPrefix) reply.headers(withPathPrefix(reply.getHeaders(), pathPrefix))
    return payload
  })
}

export default fp(pathPrefix, { name: 'path-prefix', fastify: '5.x' })
