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
import { withPathPrefix } from '../../src/http/path-prefix.ts'
import { reasonOf } from '../../src/http/problem.ts'
import { absoluteUrl } from '../../src/http/request-target.ts'
import { isUnsafe, type RouteInfo } from '../../src/http/route-info.ts'
import type { Exchange } from './exchange.ts'
import { renderExchange } from './exchange-page.ts'
import { visibleFields } from './field.ts'
import { renderLanding } from './landing.ts'
import { PAGE_FIELDS } from './layout.ts'
import type { IsReadable } from './link.ts'
import { listsWithin } from './lists-within.ts'
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
  const { routeInfos, routesAt, authenticationSchemes: schemes = [] } = request.server
  const { pathPrefix = '' } = request
  const [path = ''] = request.url.split('?')
  // The pages contain paths as the client sees them.
  const isReadable = (url: string) =>
    url.startsWith(pathPrefix) &&
    routesAt(url.slice(pathPrefix.length).replace(/[?#].*/s, '')).some(isRead)
  const headers = { ...policyOf(reply), ...reply.getHeaders() }
  const page = renderExchange({
    ...content,
    request: jsonRequestOf(request, status),
    path: pathPrefix + path,
    pathPrefix,
    response: {
      status,
      reason: reasonOf(status),
      fields: visibleFields(status, { ...headers, ...withPathPrefix(headers, pathPrefix) }),
      document,
    },
    routes: routesAt(path).filter(({ schema }) => !schema.hide),
    lists: status < 400 ? listsWithin(String(request.routeOptions.url), routeInfos) : [],
    isReadable,
    schemes,
    introduction: status < 400 ? introduce(request, isReadable) : undefined,
  })
  reply.headers(PAGE_FIELDS)
  // A page can change although its data does not. With an old Last-Modified, a browser may use a cached page for years
  // (RFC 9111 §4.2.2).
  reply.removeHeader('last-modified')
  const etag = reply.getHeader('etag')
  if (etag && !isUnsafe(request)) reply.header('etag', tagOfPage(String(etag), page))
  return page
}

function isRead({ method }: RouteInfo): boolean {
  return method === 'GET'
}

/** Returns the Cache-Control that the caching plugin sets after the page is rendered. */
function policyOf(reply: FastifyReply) {
  return reply.cachePolicy && { 'cache-control': reply.cachePolicy() }
}

/** Returns the landing page for `/`; other pages have no introduction. */
function introduce(request: FastifyRequest, isReadable: IsReadable) {
  const { server, routeOptions, pathPrefix = '' } = request
  if (routeOptions.url !== '/') return undefined
  const { name, description } = packageJson
  const routes = server.routeInfos.toSorted((a, b) =>
    a.path < b.path ? -1 : Number(a.path > b.path),
  )
  const urlOf = (path: string) => absoluteUrl(request, path)
  const { authenticationSchemes: schemes = [] } = server
  return renderLanding({ name, description, urlOf, pathPrefix, routes, isReadable, schemes })
}

export default fp(htmlPages, { name: 'html-pages', fastify: '5.x', dependencies: ['routing'] })
