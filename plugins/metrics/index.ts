import { promisify } from 'node:util'
import { Counter, Gauge, Registry } from '@prometheus-io/client'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import packageJson from '../../package.json' with { type: 'json' }
import { addHook } from '../../src/hooks.ts'
import type { Family } from '../../src/metrics/exposition.ts'
import { processMetrics } from '../../src/metrics/process-metrics.ts'
import { createHistogram, type Histogram, type Observe } from './histogram.ts'

/**
 * Metrics: what the service does and how it fares, for Prometheus.
 *
 * Each app has a registry of its own; those of the process are shared. Labels are bounded: a request
 * is counted under its route, never under its URL, and what has no route under none.
 */
export default fp(
  async (app) => {
    const registry = new Registry()
    const registers = [registry]
    const durations = createHistogram(
      'http_request_duration_seconds',
      'From when the head of a request was read until its reply was handed to the kernel',
    )
    const queries = createHistogram(
      'db_query_duration_seconds',
      'How long statements took that did not fail, by what they begin with',
    )
    const refusals = new Counter({
      name: 'http_connections_refused_total',
      help: 'Connections whose octets were no request, by the status of their last reply',
      labelNames: ['status'],
      registers,
    })
    new Gauge({
      name: 'http_requests_in_flight',
      help: 'Requests that were not answered yet',
      registers,
      collect() {
        this.set(app.inFlight?.size ?? 0) // of the plugin connection
      },
    })
    measureServer(app, registers)
    const shared = processMetrics()
    const read = async () => [
      durations.read(),
      queries.read(),
      ...(await registry.getMetricsAsJSON()),
      ...(await shared.getMetricsAsJSON()),
    ]
    const unrouted = observersOf(durations, '')

    app.decorate('metrics', {
      countRefusal: (status) => refusals.inc({ status }),
      measureQuery: measureQueries(queries),
      registry,
      read,
      readAll: read,
    })
    app.addHook('onRoute', (route) => {
      route.config = { ...route.config, observers: observersOf(durations, route.url) }
    })
    addHook(app, 'onRequestEnd', 'metrics', ({ method, routeOptions }, { status, durationMs }) => {
      const { observers = unrouted } = routeOptions.config ?? {}
      const name = observers === unrouted && !METHODS.has(method) ? 'other' : method
      observers(name, status)(durationMs / 1_000)
    })
  },
  { name: 'metrics', fastify: '5.x' },
)

export interface Metrics {
  /** Counts a connection that got its last reply because its octets were no request. */
  countRefusal(status: number): void
  /** Gives what is told how long a statement took on an engine. */
  measureQuery(engine: string, sql: string): Observe
  /** Takes metrics of other plugins. */
  registry: Registry
  /** All of them of this process, as they are now. */
  read(): Promise<Family[]>
  /** What is told: those of this process, unless there are others beside it that it can ask. */
  readAll(): Promise<Family[]>
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Undefined without the plugin metrics. */
    metrics?: Metrics
  }
  interface FastifyContextConfig {
    /** The durations of the route's requests. */
    observers?: Observers
  }
}

/** Gives what counts the durations of requests by a method that had this status. */
type Observers = (method: string, status: number) => Observe

/** Those that count under their own name where there is no route. */
const METHODS = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'])

function observersOf(durations: Histogram, route: string): Observers {
  const known: Record<string, Observe[]> = {}
  return (method, status) => {
    known[method] ??= []
    known[method][status] ??= durations.series({ method, route, status: String(status) })
    return known[method][status]
  }
}

/** Counts statements by their first word: there are a few of these. */
function measureQueries(queries: Histogram): Metrics['measureQuery'] {
  const known = new Map<string, Observe>()
  return (engine, sql) => {
    const [verb = ''] = sql.trimStart().split(/\s/, 1)
    const observe = known.get(verb) ?? queries.series({ engine, verb })
    known.set(verb, observe)
    return observe
  }
}

/** Measures the connections that the app's server has, and says what it is. */
function measureServer({ server }: FastifyInstance, registers: Registry[]) {
  new Gauge({
    name: 'http_connections',
    help: 'Connections of clients',
    registers,
    async collect() {
      this.set(await promisify(server.getConnections.bind(server))())
    },
  })
  const dropped = new Counter({
    name: 'http_connections_dropped_total',
    help: 'Connections closed at once, since there were MAX_CONNECTIONS',
    registers,
  })
  server.on('drop', () => dropped.inc())
  new Gauge({
    name: 'build_info',
    help: 'Which version this is, and of Node',
    labelNames: ['version', 'node'],
    registers,
  }).set({ version: packageJson.version, node: process.versions.node }, 1)
}
