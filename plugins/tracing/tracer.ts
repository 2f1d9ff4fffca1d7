import type { IncomingHttpHeaders } from 'node:http'
import {
  defaultTextMapGetter,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
} from '@opentelemetry/api'
import { ExportResultCode, W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'

/** How long a collector may take over a batch, in milliseconds: the last one holds up the end. */
const EXPORT_TIMEOUT = 2_000

interface TracingOptions {
  /** The collector's URL, to which OTLP adds `v1/traces`. */
  endpoint: string
  serviceName: string
  /** The share of traces that is recorded of those that begin here. */
  ratio: number
  onLoss: (error: Error | undefined) => void
}

export interface Tracing {
  /** Begins the span of a request, in the trace that it is part of (W3C Trace Context). */
  startSpan(method: string, headers: IncomingHttpHeaders): Span
  endSpan(span: Span, method: string, route: string | undefined, status: number): void
  /** Hands over what was recorded, and ends. */
  close(): Promise<void>
}

/** Sends spans to a collector of OpenTelemetry, over HTTP. Nothing of it is global to the process. */
export function startTracing({ endpoint, serviceName, ratio, onLoss }: TracingOptions): Tracing {
  const url = new URL('v1/traces', endpoint.replace(/\/?$/, '/')).href
  const exporter: SpanExporter = new OTLPTraceExporter({ url, timeoutMillis: EXPORT_TIMEOUT })
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: {
          export: (spans, done) =>
            exporter.export(spans, (result) => {
              if (result.code === ExportResultCode.FAILED) onLoss(result.error)
              done(result)
            }),
          shutdown: () => exporter.shutdown(),
        },
      }),
    ],
  })
  const tracer = provider.getTracer('restful-web-api')
  const propagator = new W3CTraceContextPropagator()
  return {
    startSpan(method, headers) {
      const context = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter)
      const attributes = { 'http.request.method': method }
      return tracer.startSpan(method, { kind: SpanKind.SERVER, attributes }, context)
    },
    endSpan(span, method, route, status) {
      if (route !== undefined)
        span.updateName(`${method} ${route}`).setAttribute('http.route', route)
      span.setAttribute('http.response.status_code', status)
      if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
      span.end()
    },
    // what was lost was told
    close: () => provider.shutdown().catch(() => {}),
  }
}
