import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import packageJson from '../../package.json' with { type: 'json' }
import { hasBody } from '../../src/http/body.ts'
import { essenceOf, JSON_TYPE } from '../../src/http/media-types.ts'
import { tagOfPage } from '../../src/http/preconditions.ts'
import { reasonOf } from '../../src/http/problem.ts'
import { absoluteUrl } from '../../src/http/request-target.ts'
import { isWrite, type RouteInfo } from '../../src/http/route-info.ts'
import { PAGE_POLICY } from './assets.ts'
import { writeCall } from './call.ts'
import type { Request } from './curl.ts'
import type { Exchange } from './exchange.ts'
import { fieldsShown } from './field.ts'
import { writeLanding } from './landing.ts'
import type { IsReadable } from './link.ts'

/**
 * Pages: the API for whoever looks at it in a browser.
 *
 * A reply in HTML shows the call as a program would make it and get it answered, in JSON, with links and
 * forms to go on from there. A page with an entity tag gets one of its own, from its octets: whatever a
 * release changes in the templates or the routes, no cache keeps what was there before.
 */
export default fp(
  async (app) => {
    app.decorate('renderPage', renderPage)
  },
  { name: 'html-pages', fastify: '5.x', dependencies: ['routing'] },
)

/** What a page is to say beyond its request and the fields of its reply. */
type Content = Pick<Exchange, 'title' | 'lead' | 'trace'> & { document: unknown }

declare module 'fastify' {
  interface FastifyInstance {
    /** Writes the page of a reply, once its other fields are set, and sets those that the page needs. */
    renderPage?: (reply: FastifyReply, content: Content) => string
  }
}

function renderPage(reply: FastifyReply, { document, ...content }: Content): string {
  const { request, statusCode: status } = reply
  const { routesAt } = request.server
  const [path = ''] = request.url.split('?')
  const isReadable = (url: string) =>
    routesAt(url.replace(/[?#].*/s, '')).some(({ method }) => method === 'GET')
  const page = writeCall({
    ...content,
    request: requestOf(request, status),
    path,
    reply: {
      status,
      reason: reasonOf(status),
      fields: fieldsShown(status, reply.getHeaders()),
      document,
    },
    operations: routesAt(path).filter(({ schema }) => !schema.hide),
    isReadable,
    introduction: status < 400 ? introduce(request, isReadable) : undefined,
  })
  reply.header('content-security-policy', PAGE_POLICY)
  // the page may have changed since: with that date, browsers would keep it for years (RFC 9111 §4.2.2)
  reply.removeHeader('last-modified')
  const etag = reply.getHeader('etag')
  if (etag && !isWrite(request)) reply.header('etag', tagOfPage(String(etag), page))
  return page
}

/** The page of `/` begins with the landing page; other pages have no introduction. */
function introduce(
  { server, protocol, host, routeOptions }: FastifyRequest,
  isReadable: IsReadable,
) {
  if (routeOptions.url !== '/') return undefined
  const { name, description } = packageJson
  const operations = server.routeInfos.toSorted(byPath)
  const origin = `${protocol}://${host}`
  return writeLanding({ name, description, origin, operations, isReadable })
}

/** Everything below a path behind it. */
function byPath(a: RouteInfo, b: RouteInfo): number {
  return Number(a.path > b.path) - Number(a.path < b.path)
}

/** Fields of a request that make it another, where it writes or failed. */
const REPEATED = [
  'content-type',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'if-unmodified-since',
  'range',
]

/** The request as a program would make it. */
function requestOf(request: FastifyRequest, status: number): Request {
  const { headers, bytes } = request
  const sent = isWrite(request) || status >= 400 ? REPEATED : []
  const fields = sent.flatMap((name) => (headers[name] ? [[name, String(headers[name])]] : []))
  const [scheme] = /^(?:basic|bearer)\b/i.exec(headers.authorization ?? '') ?? []
  return {
    // RFC 9110 §9.3.2: HEAD is answered as GET is
    method: request.method === 'HEAD' ? 'GET' : request.method,
    url: absoluteUrl(request),
    fields: { accept: essenceOf(JSON_TYPE), ...Object.fromEntries(fields) },
    scheme: scheme ?? (status === 401 ? 'basic' : undefined),
    body: isWrite(request) && hasBody(headers) ? (bytes ?? null) : undefined,
  }
}
