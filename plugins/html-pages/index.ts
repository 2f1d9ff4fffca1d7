/**
 * HTML pages: show a response in a browser, with the request, its curl command, links and forms.
 *
 * A page shows the JSON response to the same request. The entity tag of a page contains the version of the JSON and a
 * digest of the page, so that no cache keeps a page after a release has changed the templates or routes.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import packageJson from '../../package.json' with { type: 'json' }
import { tagOfPage } from '../../src/http/entity-tag.ts'
import { reasonOf } from '../../src/http/problem.ts'
import { isWrite } from '../../src/http/route-info.ts'
import type { Exchange } from './exchange.ts'
import { renderExchange } from './exchange-page.ts'
import { visibleFields } from './field.ts'
import { renderLanding } from './landing.ts'
import { PAGE_POLICY } from './layout.ts'
import type { IsReadable } from './link.ts'
import { jsonRequestOf } from './request.ts'

type PageContent = Pick<Exchange, 'title' | 'lead' | 'trace'> & { document: unknown }

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Renders the page of a response and sets the header fields of the page. Set all other header fields first,
     * since the page shows them.
     */
    renderPage?: (reply: FastifyReply, content: PageContent) => string
  }
}

async function htmlPages(app: FastifyInstance) {
  app.decorate('renderPage', renderPage)
}

function renderPage(reply: FastifyReply, { document, ...content }: PageContent): string {
  const { request, statusCode: status } = reply
  const { routesAt } = request.server
  const [path = ''] = request.url.split('?')
  const isReadable = (url: string) =>
    routesAt(url.replace(/[?#].*/s, '')).some(({ method }) => method === 'GET')
  const page = renderExchange({
    ...content,
    request: jsonRequestOf(request, status),
    path,
    response: {
      status,
      reason: reasonOf(status),
      fields: visibleFields(status, { ...policyOf(reply), ...reply.getHeaders() }),
      document,
    },
    routes: routesAt(path).filter(({ schema }) => !schema.hide),
    isReadable,
    introduction: status < 400 ? introduce(request, isReadable) : undefined,
  })
  reply.header('content-security-policy', PAGE_POLICY)
  // A page can change although its data does not. With an old Last-Modified, a browser may use a cached page for years
  // (RFC 9111 §4.2.2).
  reply.removeHeader('last-modified')
  const etag = reply.getHeader('etag')
  if (etag && !isWrite(request)) reply.header('etag', tagOfPage(String(etag), page))
  return page
}

/** Returns the Cache-Control that the caching plugin sets after the page is rendered. */
function policyOf(reply: FastifyReply) {
  return reply.cachePolicy && { 'cache-control': reply.cachePolicy() }
}

/** Returns the landing page for `/`; other pages have no introduction. */
function introduce(
  { server, protocol, host, routeOptions }: FastifyRequest,
  isReadable: IsReadable,
) {
  if (routeOptions.url !== '/') return undefined
  const { name, description } = packageJson
  const routes = server.routeInfos.toSorted((a, b) =>
    a.path < b.path ? -1 : Number(a.path > b.path),
  )
  const origin = `${protocol}://${host}`
  return renderLanding({ name, description, origin, routes, isReadable })
}

export default fp(htmlPages, { name: 'html-pages', fastify: '5.x', dependencies: ['routing'] })
