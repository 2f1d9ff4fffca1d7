/**
 * Tracing: a span per request, by the OpenTelemetry conventions for HTTP.
 *
 * The span of a request with a valid `traceparent` of a trusted proxy joins that trace (W3C Trace Context). For other
 * clients, the trace is a link, since a client must not decide how much is exported. Spans contain the route,
 * never the URL, and each log line of a request has the ids of trace and span. Without an endpoint, OpenTelemetry
 * is not loaded.
 */
import type { Span } from '@opentelemetry/api'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type Static, Type } from 'typebox'
import { addHook } from '../../src/hooks.ts'
import { createProxyTrust } from '../../src/http/client-address.ts'
import { parseOptions } from '../../src/plugin-options.ts'

export const TracingOptions = Type.Object({
  endpoint: Type.String({
    default: '',
    pattern: '^(?:https?://.+)?$',
    'x-expected': 'an HTTP URL',
    description:
      'URL of an OpenTelemetry collector, which gets a trace of each request (OTLP over HTTP). ' +
      'OTEL_EXPORTER_OTLP_HEADERS is supported too. An empty value disables tracing.',
  }),
  serviceName: Type.String({
    default: 'restful-web-api',
    description: 'Service name in the traces.',
  }),
  samplingRatio: Type.Number({
    default: 1,
    minimum: 0,
    maximum: 1,
    description:
      'Sampling ratio, from 0 to 1, of the traces that begin in the service. The header field ' +
      'traceparent of a proxy in TRUST_PROXY continues a trace, and states whether it is sampled.',
  }),
  trustedProxies: Type.Array(Type.String(), {
    default: [],
    description: 'Addresses or blocks of the proxies whose traceparent continues a trace',
  }),
})
export type TracingOptions = Partial<Static<typeof TracingOptions>>
export const autoConfig = ({ config }: FastifyInstance): TracingOptions => config.tracing

async function tracing(app: FastifyInstance, given: TracingOptions) {
  const options = parseOptions('tracing', TracingOptions, given)
  const { endpoint, serviceName, samplingRatio } = options
  if (!endpoint) return
  const isTrusted = createProxyTrust(options.trustedProxies)
  const { startTracing } = await import('./tracer.ts')
  const { startSpan, endSpan, close } = startTracing({
    endpoint,
    serviceName,
    samplingRatio,
    onExportError: (error) => app.log.warn({ err: error }, 'traces are lost'),
  })
  const spans = new WeakMap<FastifyRequest, Span>()

  addHook(app, 'onRequest', 'tracing', (request, reply) => {
    const span = startSpan(request.method, request.headers, isTrusted(request.socket.remoteAddress))
    spans.set(request, span)
    const { traceId, spanId } = span.spanContext()
    request.log = request.log.child({ traceId, spanId })
    reply.log = request.log
  })
  addHook(app, 'onRequestEnd', 'tracing', (request, { status }) => {
    const span = spans.get(request)
    if (span) endSpan(span, { method: request.method, route: request.routeOptions.url, status })
  })
  app.addHook('onClose', close)
}

export default fp(tracing, { name: 'tracing', fastify: '5.x' })
