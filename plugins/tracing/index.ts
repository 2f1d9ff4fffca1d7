/**
 * Tracing: a span per request, by the OpenTelemetry conventions for HTTP.
 *
 * The span of a request with a valid `traceparent` joins that trace (W3C Trace Context). Spans contain the route,
 * never the URL, and each log line of a request has the ids of trace and span. Without an endpoint, OpenTelemetry
 * is not loaded.
 */
import type { Span } from '@opentelemetry/api'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type Static, Type } from 'typebox'
import { addHook } from '../../src/hooks.ts'
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
      'Sampling ratio, from 0 to 1, of requests without the header field traceparent. If a ' +
      'request has this header field, it states whether the request is sampled.',
  }),
})
export type TracingOptions = Partial<Static<typeof TracingOptions>>
export const autoConfig = ({ config }: FastifyInstance): TracingOptions => config.tracing

async function tracing(app: FastifyInstance, given: TracingOptions) {
  const { endpoint, serviceName, samplingRatio } = parseOptions('tracing', TracingOptions, given)
  if (!endpoint) return
  const { startTracing } = await import('./tracer.ts')
  const { startSpan, endSpan, close } = startTracing({
    endpoint,
    serviceName,
    samplingRatio,
    onExportError: (error) => app.log.warn({ err: error }, 'traces are lost'),
  })
  const spans = new WeakMap<FastifyRequest, Span>()

  addHook(app, 'onRequest', 'tracing', (request, reply) => {
    const span = startSpan(request.method, request.headers)
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
