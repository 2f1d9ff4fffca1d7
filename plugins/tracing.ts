import type { Span } from '@opentelemetry/api'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { onEnd } from './connection.ts'

/**
 * Tracing: each request as a span of its trace, by the conventions of OpenTelemetry for HTTP.
 *
 * A `traceparent` is continued (W3C Trace Context). The span says what the log says, never the URL, and
 * every line about the request has its trace. Without OTEL_EXPORTER_OTLP_ENDPOINT nothing of it is even
 * loaded.
 */
export default fp(
  async (app) => {
    const { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_SERVICE_NAME, OTEL_TRACES_SAMPLER_ARG } = app.config
    if (!OTEL_EXPORTER_OTLP_ENDPOINT) return
    const { startTracing } = await import('../src/tracing.ts')
    const { startSpan, endSpan, close } = startTracing({
      endpoint: OTEL_EXPORTER_OTLP_ENDPOINT,
      serviceName: OTEL_SERVICE_NAME,
      ratio: OTEL_TRACES_SAMPLER_ARG,
      onLoss: (error) => app.log.warn({ err: error }, 'traces are lost'),
    })
    const spans = new WeakMap<FastifyRequest, Span>()

    app.addHook('onRequest', (request, reply, done) => {
      const span = startSpan(request.method, request.headers)
      spans.set(request, span)
      const { traceId, spanId } = span.spanContext()
      request.log = request.log.child({ traceId, spanId })
      reply.log = request.log
      done()
    })
    onEnd(app, (request, status) => {
      const span = spans.get(request)
      if (span) endSpan(span, request.method, request.routeOptions.url, status)
    })
    app.addHook('onClose', close)
  },
  { name: 'tracing' },
)
