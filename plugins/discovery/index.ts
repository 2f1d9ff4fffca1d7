/**
 * Discovery: links to the documents of the API (RFC 8631, RFC 9727), and contacts for reports of vulnerabilities
 * (RFC 9116).
 *
 * The index has Link with the documents that exist. `routes.ts` adds `/.well-known/api-catalog`, and
 * `/.well-known/security.txt` if a contact is configured.
 */
import type { FastifyInstance, onRequestHookHandler } from 'fastify'
import fp from 'fastify-plugin'
import { type Static, Type } from 'typebox'
import { isRead } from '../../src/http/route-info.ts'
import { parseOptions } from '../../src/plugin-options.ts'
import { addResponseFields } from '../../src/schemas/responses.ts'
import { type ApiLink, KNOWN_LINKS, writeLinks } from './api-links.ts'

export const DiscoveryOptions = Type.Object({
  contacts: Type.Array(Type.String(), {
    default: [],
    description:
      'URLs for reports of vulnerabilities, the preferred one first; none for no security.txt',
  }),
})
export type DiscoveryOptions = Partial<Static<typeof DiscoveryOptions>>
export const autoConfig = ({ config }: FastifyInstance): DiscoveryOptions => config.discovery

declare module 'fastify' {
  interface FastifyInstance {
    /** URLs for reports of vulnerabilities. */
    securityContacts: readonly string[]
    /** Returns the links to the documents of the API that exist. Call this only after the app is ready. */
    apiLinks: () => ApiLink[]
  }
}

async function discovery(app: FastifyInstance, options: DiscoveryOptions) {
  const { contacts } = parseOptions('discovery', DiscoveryOptions, options)
  app.decorate('securityContacts', contacts)
  app.decorate('apiLinks', () =>
    KNOWN_LINKS.filter(({ path }) => app.hasRoute({ method: 'GET', url: path })),
  )
  let link = ''
  app.addHook('onReady', async () => {
    link = writeLinks(app.apiLinks())
  })
  const addLink: onRequestHookHandler = (_request, reply, done) => {
    if (link) reply.header('link', link)
    done()
  }
  app.addHook('onRoute', (route) => {
    if (route.url !== '/' || !isRead(route)) return
    addResponseFields(route, [200], { Link: {} })
    route.onRequest = [addLink].concat(route.onRequest ?? [])
  })
}

export default fp(discovery, { name: 'discovery', fastify: '5.x' })
