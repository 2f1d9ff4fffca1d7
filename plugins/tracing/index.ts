/**
 * Tracing: a span per request, by the OpenTelemetry conventions for HTTP.
 *
 * The span of a request with a valid `traceparent` of a trusted proxy joins that trace (W3C Trace Context). For other
 * clients, the trace is a link, since a client must not decide how much is exported. Spans contain the route,
 * never the URL, and each log line of a request has the ids of trace and span. Without an endpoint, OpenTelemetry
 * is not loaded.
 */
import type { Span } from '@opentelemetry/api'
import { Gauge } from '@prometheus-io/client'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type Static, Type } from 'typebox'
import { addHook } from '../../src/hooks.ts'
import { createProxyTrust } from '../../src/http/client-address.ts'
import { parseOptions } from '../../src/plugin-options.ts'
import { SAMPLERS } from './samplers.ts'

const url = (description: string) =>
  Type.String({
    default: '',
    pattern: '^(?:https?://.+)?$',
    'x-expected': 'an HTTP URL',
    description,
  })

export const TracingOptions = Type.Object({
  endpoint: url(
    'URL of an OpenTelemetry collector, which gets a trace of each request (OTLP over HTTP). ' +
      'OTEL_EXPORTER_OTLP_HEADERS and OTEL_RESOURCE_ATTRIBUTES are supported too. Without a URL, ' +
      'there are no traces.',
  ),
  tracesEndpoint: url(
    'URL that gets the traces, if it is not v1/traces under OTEL_EXPORTER_OTLP_ENDPOINT.',
  ),
  exporter: Type.Enum(['otlp', 'none'], {
    default: 'otlp',
    description: 'otlp exports the traces; none disables them.',
  }),
  isDisabled: Type.Boolean({
    default: false,
    description: 'If true, OpenTelemetry is disabled.',
  }),
  serviceName: Type.String({
    default: 'restful-web-api',
    description: 'Service name in the traces.',
  }),
  sampler: Type.Enum(SAMPLERS, {
    default: 'parentbased_traceidratio',
    description:
      'Which traces are exported: always_on for all, always_off for none, traceidratio for a part. ' +
      'With parentbased_ before it, this decides only for traces that begin in the service. The ' +
      'header field traceparent of a proxy in TRUST_PROXY continues a trace, and decides itself.',
  }),
  samplingRatio: Type.Number({
    default: 1,
    minimum: 0,
    maximum: 1,
    description: 'Part of the traces that traceidratio exports, from 0 to 1.',
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
  const url = urlOf(options)
  if (url === undefined) return
  const isTrusted = createProxyTrust(options.trustedProxies)
  const { startTracing } = await import('./tracer.ts')
  const { startSpan, endSpan, close } = startTracing({
    ...options,
    url,
    onExport: createExportReport(app),
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

/** Returns a function that reports in the log and the metrics when exports begin to fail, and when they succeed again. */
function createExportReport(app: FastifyInstance) {
  let isLost = false
  // In onReady, since the optional metrics plugin may be registered later than this one.
  app.addHook('onReady', async () => {
    if (!app.metrics) return
    new Gauge({
      name: 'trace_exporter_up',
      help: '1 if the last export of traces succeeded, otherwise 0',
      registers: [app.metrics.registry],
      collect() {
        this.set(isLost ? 0 : 1)
      },
    })
  })

  return (isExported: boolean, error: Error | undefined) => {
    if (!isExported && !isLost) app.log.warn({ err: error }, 'traces are lost')
    if (isExported && isLost) app.log.info('traces are exported again')
    isLost = !isExported
  }
}

/** Returns the URL that gets the traces; undefined if there are no traces. */
function urlOf({ endpoint, tracesEndpoint, exporter, isDisabled }: Static<typeof TracingOptions>) {
  if (isDisabled || exporter === 'none') return undefined
  if (tracesEndpoint) return tracesEndpoint
  return endpoint ? new URL('v1/traces', endpoint.replace(/\/?$/, '/')).href : undefined
}

export default fp(tracing, { name: 'tracing', fastify: '5.x' })
