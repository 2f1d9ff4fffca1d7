/** Exports spans to an OpenTelemetry collector over HTTP. Sets nothing that is global to the process. */
import type { IncomingHttpHeaders } from 'node:http'
import {
  defaultTextMapGetter,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { ExportResultCode, W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import {
  detectResources,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { SamplerName } from './samplers.ts'

/** Maximum time for the export of a batch; the last batch delays shutdown. */
const EXPORT_TIMEOUT_MS = 2_000

interface TracerOptions {
  /** URL that gets the traces. */
  url: string
  serviceName: string
  sampler: SamplerName
  samplingRatio: number
  /** Called after each export. */
  onExport: (isExported: boolean, error: Error | undefined) => void
}

/** How a request ended. */
interface SpanEnd {
  method: string
  /** Undefined for an unrouted request. */
  route: string | undefined
  status: number
}

export function startTracing(options: TracerOptions) {
  const provider = new TracerProvider({
    resource: detectResources({ detectors: [resourceAttributesEnvDetector] }).merge(
      resourceFromAttributes({ 'service.name': options.serviceName }),
    ),
    sampler: createSampler(options),
    spanProcessors: [new BatchSpanProcessor({ exporter: createExporter(options) })],
  })
  const tracer = provider.getTracer('restful-web-api')
  const propagator = new W3CTraceContextPropagator()
  return {
    /** Starts the span of a request, as a child of the span in `traceparent` if it is trusted, otherwise with a link. */
    startSpan(method: string, headers: IncomingHttpHeaders, isTrusted: boolean): Span {
      const context = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter)
      const claimed = isTrusted ? undefined : trace.getSpanContext(context)
      const options = {
        kind: SpanKind.SERVER,
        attributes: { 'http.request.method': method },
        links: claimed ? [{ context: claimed }] : [],
      }
      return tracer.startSpan(method, options, isTrusted ? context : ROOT_CONTEXT)
    },
    endSpan(span: Span, { method, route, status }: SpanEnd) {
      if (route !== undefined)
        span.updateName(`${method} ${route}`).setAttribute('http.route', route)
      span.setAttribute('http.response.status_code', status)
      if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
      span.end()
    },
    /** Exports the remaining spans. Errors are ignored here, since the exporter has already reported them. */
    close: () => provider.shutdown().catch(() => {}),
  }
}

function createSampler({ sampler, samplingRatio }: TracerOptions): Sampler {
  const withParent = (root: Sampler) => new ParentBasedSampler({ root })
  const ofRatio = new TraceIdRatioBasedSampler(samplingRatio)
  const samplers: Record<SamplerName, Sampler> = {
    always_on: new AlwaysOnSampler(),
    always_off: new AlwaysOffSampler(),
    traceidratio: ofRatio,
    parentbased_always_on: withParent(new AlwaysOnSampler()),
    parentbased_always_off: withParent(new AlwaysOffSampler()),
    parentbased_traceidratio: withParent(ofRatio),
  }
  return samplers[sampler]
}

function createExporter({ url, onExport }: TracerOptions): SpanExporter {
  const exporter = new OTLPTraceExporter({ url, timeoutMillis: EXPORT_TIMEOUT_MS })
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        onExport(result.code === ExportResultCode.SUCCESS, result.error)
        done(result)
      }),
    shutdown: () => exporter.shutdown(),
  }
}
