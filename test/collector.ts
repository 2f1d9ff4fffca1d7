import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import type { Test } from 'tap'

/** A span in OTLP's JSON encoding, with the members that tests read. */
export interface Span {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  kind: number
  attributes: { key: string; value: { stringValue?: string; intValue?: number } }[]
  links?: { traceId: string; spanId: string }[]
  status: { code: number }
}

interface Post {
  resourceSpans: {
    resource: { attributes: Span['attributes'] }
    scopeSpans: { spans: Span[] }[]
  }[]
}

/** Starts an OpenTelemetry collector that records spans and responds with the given status, which a test can change. */
export async function startCollector(t: Test, firstStatus = 200) {
  let status = firstStatus
  const posts: Post[] = []
  const urls: (string | undefined)[] = []
  const server = createServer(async (request, response) => {
    urls.push(request.url)
    posts.push((await json(request)) as Post) // The service's exporter sends JSON.
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close().closeAllConnections())
  const { port } = server.address() as AddressInfo // the address of a TCP server is an object
  return {
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` },
    posts,
    urls,
    respondWith(next: number) {
      status = next
    },
    spans: () =>
      posts
        .flatMap(({ resourceSpans }) => resourceSpans)
        .flatMap(({ scopeSpans }) => scopeSpans)
        .flatMap(({ spans }) => spans),
  }
}
