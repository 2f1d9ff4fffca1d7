/**
 * HTML pages: show a response in a browser, with the request, its curl command, links and forms. The reference pages at
 * `/docs` describe each operation of the OpenAPI document.
 *
 * A page shows the JSON response to the same request. The entity tag of a page contains the version of the JSON and a
 * digest of the page, so that no cache keeps a page after a release has changed the templates or routes.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type Static, Type } from 'typebox'
import packageJson from '../../package.json' with { type: 'json' }
import { tagOfPage } from '../../src/http/entity-tag.ts'
import { withPathPrefix } from '../../src/http/path-prefix.ts'
import { reasonOf } from '../../src/http/problem.ts'
import { isUnsafe } from '../../src/http/route-info.ts'
import { parseOptions } from '../../src/plugin-options.ts'
import type { TrialAccount } from './curl.ts'
import type { Exchange } from './exchange.ts'
import { renderExchange } from './exchange-page.ts'
import { visibleFields } from './field.ts'
import { PAGE_FIELDS } from './layout.ts'
import { listsWithin } from './lists-within.ts'
import { jsonRequestOf } from './request.ts'
import { serviceOf } from './service.ts'
import { renderStartPage } from './start-page.ts'

const text = (description: string) => Type.String({ description })

export const HtmlPagesOptions = Type.Object({
  account: Type.Optional(
    Type.Object(
      {
        user: text('Name for Basic authentication'),
        password: text('Password for Basic authentication'),
        token: text('Token for Bearer authentication'),
      },
      { description: 'Public account that the pages show for first trials' },
    ),
  ),
})
export type HtmlPagesOptions = Static<typeof HtmlPagesOptions>
export const autoConfig = ({ config }: FastifyInstance): HtmlPagesOptions => config.htmlPages

type PageContent = Pick<Exchange, 'title' | 'lead' | 'trace'> & { document: unknown }

declare module 'fastify' {
  interface FastifyInstance {
    /** Public account that the pages show for first trials, if the service has one. */
    trialAccount?: TrialAccount | undefined
    /**
     * Renders the page of a response and sets the header fields of the page. Set all other header fields first,
     * since the page shows them.
     */
    renderPage?: (reply: FastifyReply, content: PageContent) => string
  }
}

async function htmlPages(app: FastifyInstance, given: HtmlPagesOptions) {
  const { account } = parseOptions('htmlPages', HtmlPagesOptions, given)
  app.decorate('trialAccount', account)
  app.decorate('renderPage', renderPage)
}

function renderPage(reply: FastifyReply, content: PageContent): string {
  const { request, statusCode } = reply
  const isStart = request.routeOptions.url === '/' && statusCode < 400
  const page = isStart
    ? renderStartPage(startOf(request))
    : renderExchange(exchangeOf(reply, content))
  reply.headers(PAGE_FIELDS)
  // A page can change although its data does not. With an old Last-Modified, a browser may use a cached page for years
  // (RFC 9111 §4.2.2).
  reply.removeHeader('last-modified')
  const etag = reply.getHeader('etag')
  if (etag && !isUnsafe(request)) reply.header('etag', tagOfPage(String(etag), page))
  return page
}

function startOf(request: FastifyRequest) {
  const { name, description } = packageJson
  return { ...serviceOf(request), name, description, routes: request.server.routeInfos }
}

function exchangeOf(reply: FastifyReply, { document, ...content }: PageContent): Exchange {
  const { request, statusCode: status } = reply
  const { routeInfos, routesAt } = request.server
  const service = serviceOf(request)
  const { pathPrefix } = service
  const [path = ''] = request.url.split('?')
  const headers = { ...policyOf(reply), ...reply.getHeaders() }
  return {
    ...content,
    ...service,
    request: jsonRequestOf(request, status),
    path: pathPrefix + path, // the pages contain paths as the client sees them
    response: {
      status,
      reason: reasonOf(status),
      fields: visibleFields(status, { ...headers, ...withPathPrefix(headers, pathPrefix) }),
      document,
    },
    routes: routesAt(path).filter(({ schema }) => !schema.hide),
    lists: status < 400 ? listsWithin(String(request.routeOptions.url), routeInfos) : [],
  }
}

/** Returns the Cache-Control that the caching plugin sets after the page is rendered. */
function policyOf(reply: FastifyReply) {
  return reply.cachePolicy && { 'cache-control': reply.cachePolicy() }
}

export default fp(htmlPages, { name: 'html-pages', fastify: '5.x', dependencies: ['routing'] })
