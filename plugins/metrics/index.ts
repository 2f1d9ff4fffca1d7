/**
 * Metrics of the service, the HTTP server and the process, for Prometheus.
 *
 * Each app has its own registry. All apps in a process share the metrics of the process. The number of time series
 * is limited: requests are counted by route, never by URL, and unrouted requests have an empty route.
 */
import { promisify } from 'node:util'
import { Counter, Gauge, Registry } from '@prometheus-io/client'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import packageJson from '../../package.json' with { type: 'json' }
import { addHook } from '../../src/hooks.ts'
import { CONNECTION_LIMITED, type LimitReached } from '../../src/http/connection.ts'
import type { Family } from '../../src/metrics/exposition.ts'
import { processMetrics } from '../../src/metrics/process-metrics.ts'
import { createHistogram, type Histogram, type Observe } from './histogram.ts'

export interface Metrics {
  /** Counts a connection that was closed after a response to malformed, too large or too slow bytes. */
  countRefusal(status: number): void
  /** Returns a function that records a statement's duration, in seconds. */
  measureQuery(engine: string, sql: string): Observe
  /** Registry for metrics of other plugins. */
  registry: Registry
  /** Reads the metrics of this process. */
  read(): Promise<Family[]>
  /** Reads the metrics to expose: of this process, or of all workers under a supervisor. */
  readAll(): Promise<Family[]>
}

/** Returns the function that records the durations of requests with this method and status. */
type RequestSeries = (method: string, status: number) => Observe

declare module 'fastify' {
  interface FastifyInstance {
    /** Undefined without the metrics plugin. */
    metrics?: Metrics
  }
  interface FastifyContextConfig {
    /** Time series of the route; set by the metrics plugin, not by routes. */
    requestSeries?: RequestSeries
  }
}

/** Methods that appear by name in the label of unrouted requests. All other methods appear as `other`. */
const LABELED_METHODS = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'])

async function metrics(app: FastifyInstance) {
  const registry = new Registry()
  const queries = createHistogram(
    'db_query_duration_seconds',
    'Duration of successful statements, by their first word',
  )
  const refusals = new Counter({
    name: 'http_connections_refused_total',
    help: 'Connections closed after malformed, too large or too slow bytes, by status of the response',
    labelNames: ['status'],
    registers: [registry],
  })
  const durations = measureRequests(app)
  measureServer(app, registry)
  const read = async () => [
    durations.read(),
    queries.read(),
    ...(await registry.getMetricsAsJSON()),
    ...(await processMetrics().getMetricsAsJSON()),
  ]

  app.decorate('metrics', {
    countRefusal: (status) => refusals.inc({ status }),
    measureQuery: createQuerySeries(queries),
    registry,
    read,
    readAll: read,
  })
}

function measureRequests(app: FastifyInstance): Histogram {
  const durations = createHistogram(
    'http_request_duration_seconds',
    'Time from reading the head of a request to handing its response to the kernel',
  )
  const unrouted = createRequestSeries(durations, '')

  app.addHook('onRoute', (route) => {
    const requestSeries = createRequestSeries(durations, route.url)
    route.config = { ...route.config, requestSeries }
  })
  addHook(app, 'onRequestEnd', 'metrics', ({ method, routeOptions }, { status, durationMs }) => {
    const series = routeOptions.config?.requestSeries ?? unrouted
    const label = series === unrouted && !LABELED_METHODS.has(method) ? 'other' : method
    series(label, status)(durationMs / 1_000)
  })
  return durations
}

function createRequestSeries(durations: Histogram, route: string): RequestSeries {
  const byMethod: Record<string, Observe[]> = {}
  return (method, status) => {
    byMethod[method] ??= []
    byMethod[method][status] ??= durations.addSeries({ method, route, status: String(status) })
    return byMethod[method][status]
  }
}

function createQuerySeries(queries: Histogram): Metrics['measureQuery'] {
  const byVerb = new Map<string, Observe>()
  return (engine, sql) => {
    const [verb = ''] = sql.trimStart().split(/\s/, 1)
    const observe = byVerb.get(verb) ?? queries.addSeries({ engine, verb })
    byVerb.set(verb, observe)
    return observe
  }
}

function measureServer(app: FastifyInstance, registry: Registry) {
  const { server } = app
  const registers = [registry]
  new Gauge({
    name: 'http_requests_in_flight',
    help: 'Requests without a complete response',
    registers,
    collect() {
      this.set(app.inFlight?.size ?? 0) // undefined without the connection plugin
    },
  })
  new Gauge({
    name: 'http_connections',
    help: 'Open client connections',
    registers,
    async collect() {
      this.set(await promisify(server.getConnections.bind(server))())
    },
  })
  const dropped = new Counter({
    name: 'http_connections_dropped_total',
    help: 'Connections closed because of a limit: of their network, of all connections, or idle ones for new ones',
    labelNames: ['reason'],
    registers,
  })
  server.on(CONNECTION_LIMITED, (reason: LimitReached) => dropped.inc({ reason }))
  new Gauge({
    name: 'build_info',
    help: 'Versions of the service and of Node; the value is always 1',
    labelNames: ['version', 'node'],
    registers,
  }).set({ version: packageJson.version, node: process.versions.node }, 1)
}

export default fp(metrics, { name: 'metrics', fastify: '5.x' })
