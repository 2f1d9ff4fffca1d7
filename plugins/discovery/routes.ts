/** Documents at well-known URLs (RFC 8615). */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { absoluteUrl } from '../../src/http/request-target.ts'
import { apiCatalog, CATALOG_PATH, writeLinks } from './api-links.ts'
import { readApiCatalog, readSecurityContacts } from './schema.ts'

/** Days for which a reader may rely on security.txt (RFC 9116 §2.5.5). The date moves on while the service runs. */
const VALID_DAYS = 90

const DAY_MS = 24 * 60 * 60 * 1000

const routes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(CATALOG_PATH, { schema: readApiCatalog }, (request, reply) => {
    const links = app.apiLinks()
    const urlOf = (path: string) => absoluteUrl(request, path)
    // RFC 9727 §2 requires Link in the response to HEAD.
    const link = writeLinks(links.filter(({ path }) => path === CATALOG_PATH))
    return reply.header('link', link).send(JSON.stringify(apiCatalog(links, urlOf)))
  })

  const { securityContacts } = app
  if (securityContacts.length === 0) return
  app.get('/.well-known/security.txt', { schema: readSecurityContacts }, () => {
    const days = Math.floor(Date.now() / DAY_MS) + VALID_DAYS
    const expires = new Date(days * DAY_MS).toISOString()
    return [...securityContacts.map((url) => `Contact: ${url}`), `Expires: ${expires}`, ''].join(
      '\n',
    )
  })
}
export default routes
