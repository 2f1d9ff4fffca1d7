/**
 * Health: named readiness checks of the parts that the service needs, such as the database.
 *
 * Plugins add checks with `app.addHealthCheck?.()`, and `app.checkHealth()` runs all of them. Calls during a run
 * get the result of that run, so that frequent probes cause no load. Clients see only which check failed. The
 * reason is logged when the result of a check changes.
 */
import { Gauge } from '@prometheus-io/client'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { type Static, Type } from 'typebox'
import { parseOptions } from '../../src/plugin-options.ts'

export const HealthOptions = Type.Object({
  checkTimeoutMs: Type.Integer({
    minimum: 1,
    default: 1_000,
    description: 'Milliseconds that a check may take',
  }),
})
export type HealthOptions = Partial<Static<typeof HealthOptions>>
export const autoConfig = ({ config }: FastifyInstance): HealthOptions => config.health

/** Returns true if the part is ready. Instead of returning false, a check can throw an error, which is logged. */
type HealthCheck = () => Promise<boolean>

/** Results by the name of the check. */
export type HealthResults = Record<string, 'pass' | 'fail'>

declare module 'fastify' {
  interface FastifyInstance {
    /** Adds a check of a part of the service. Undefined without the health plugin. */
    addHealthCheck?: (part: string, check: HealthCheck) => void
    /** Runs all checks. The service is ready if all of them pass. */
    checkHealth(): Promise<HealthResults>
  }
}

async function health(app: FastifyInstance, given: HealthOptions) {
  const { checkTimeoutMs } = parseOptions('health', HealthOptions, given)
  const checks = new Map<string, HealthCheck>()
  const reportChange = createChangeReport(app.log)
  let running: Promise<HealthResults> | undefined

  async function runCheck(part: string, check: HealthCheck) {
    const outcome = await runWithTimeout(check, checkTimeoutMs)
    reportChange(part, outcome)
    return [part, outcome.isReady ? 'pass' : 'fail']
  }

  async function runAll(): Promise<HealthResults> {
    const results = await Promise.all([...checks].map(([part, check]) => runCheck(part, check)))
    return Object.fromEntries(results)
  }

  app.decorate('addHealthCheck', (part: string, check: HealthCheck) => {
    checks.set(part, check)
  })
  app.decorate('checkHealth', () => {
    running ??= runAll().finally(() => {
      running = undefined
    })
    return running
  })
  checks.set('draining', async () => !app.isDraining)
  // In onReady, since the optional metrics plugin may be registered later than this one.
  app.addHook('onReady', async () => measureChecks(app))
}

/** Adds the results of the checks to the metrics, since an orchestrator sends no requests to a process that is not ready. */
function measureChecks(app: FastifyInstance) {
  if (!app.metrics) return
  new Gauge({
    name: 'health_check_up',
    help: '1 if the readiness check of a part passes, otherwise 0',
    labelNames: ['part'],
    registers: [app.metrics.registry],
    async collect() {
      const results = await app.checkHealth()
      for (const [part, result] of Object.entries(results)) {
        this.set({ part }, result === 'pass' ? 1 : 0)
      }
    },
  })
}

interface Outcome {
  isReady: boolean
  /** Error of the check, or of the timeout. */
  err?: unknown
}

function runWithTimeout(check: HealthCheck, timeoutMs: number): Promise<Outcome> {
  const timeout = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    timeout.reject(new Error(`no result within ${timeoutMs} ms`))
  }, timeoutMs)
  const outcome = Promise.race([Promise.try(check), timeout.promise]).then(
    (isReady): Outcome => ({ isReady }),
    (err: unknown): Outcome => ({ isReady: false, err }),
  )
  return outcome.finally(() => clearTimeout(timer))
}

/** Returns a function that logs the outcome of a check if it differs from the previous outcome. */
function createChangeReport(log: FastifyBaseLogger) {
  const failing = new Set<string>()

  return (part: string, { isReady, ...failure }: Outcome) => {
    if (isReady) {
      if (failing.delete(part)) log.info({ part }, 'ready again')
    } else if (!failing.has(part)) {
      failing.add(part)
      log.warn({ part, ...failure }, 'not ready')
    }
  }
}

export default fp(health, { name: 'health', fastify: '5.x' })
