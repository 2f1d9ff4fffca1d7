import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { type Static, Type } from 'typebox'
import { parseOptions } from '../../src/plugin-options.ts'

export const HealthOptions = Type.Object({
  checkTimeoutMs: Type.Integer({
    minimum: 1,
    default: 1_000,
    description: 'Milliseconds that a readiness check may take',
  }),
})
export type HealthOptions = Partial<Static<typeof HealthOptions>>

/** Options of the service, from its configuration. */
export const autoConfig = ({ config }: FastifyInstance): HealthOptions => config.health

/**
 * Readiness: whether the service can do its work, by its parts.
 *
 * A plugin says with `app.addHealthCheck` how to find out about its part, and `app.checkHealth` asks
 * all of them, within DATABASE_TIMEOUT. Who asks meanwhile gets the same answer, so that no number of
 * probes is a load. What is wrong with a part stays in the log, which tells of each change.
 */
export default fp(
  async (app, given: HealthOptions) => {
    const options = parseOptions('health', HealthOptions, given)
    const parts = new Map<string, Part>()
    let asking: Promise<Readiness> | undefined

    async function ask(): Promise<Readiness> {
      const checked = [...parts].map(async ([name, part]) => [
        name,
        (await isReady(app.log, options.checkTimeoutMs, name, part)) ? 'pass' : 'fail',
      ])
      return Object.fromEntries(await Promise.all(checked))
    }

    const addHealthCheck = (name: string, check: ReadinessCheck) => {
      parts.set(name, { check, wasReady: true })
    }
    app.decorate('addHealthCheck', addHealthCheck)
    app.decorate('checkHealth', () => {
      asking ??= ask().finally(() => {
        asking = undefined
      })
      return asking
    })
    addHealthCheck('draining', async () => !app.isDraining)
  },
  { name: 'health', fastify: '5.x' },
)

/**
 * The configuration of a route that machines ask every few seconds: it is not refused to whoever asks
 * often, nor while there is much to do, its line in the log is for those who look for it, and no client
 * is led to it.
 */
export const PROBE = {
  rateLimit: false,
  overload: false,
  logLevel: 'debug',
  entryPoint: false,
} as const

/** How each part is. */
export type Readiness = Record<string, 'pass' | 'fail'>

/** Whether a part is ready. It may throw instead of saying no; the log tells why. */
type ReadinessCheck = () => Promise<boolean>

declare module 'fastify' {
  interface FastifyInstance {
    /** Has the service be ready only where this part is. */
    addHealthCheck?: (part: string, check: ReadinessCheck) => void
    /** Finds out how each part is: the service is ready where all of them pass. */
    checkHealth(): Promise<Readiness>
  }
}

interface Part {
  check: ReadinessCheck
  wasReady: boolean
}

async function isReady(log: FastifyBaseLogger, timeoutMs: number, name: string, part: Part) {
  const { isReady, ...failure } = await within(timeoutMs, part.check)
  if (isReady !== part.wasReady) {
    part.wasReady = isReady
    if (isReady) log.info({ part: name }, 'ready again')
    else log.warn({ part: name, ...failure }, 'not ready')
  }
  return isReady
}

interface Finding {
  isReady: boolean
  /** Why the part could not say. */
  err?: unknown
}

async function within(timeout: number, check: ReadinessCheck): Promise<Finding> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Finding>((resolve) => {
    const err = new Error(`no answer within ${timeout} ms`)
    timer = setTimeout(() => resolve({ isReady: false, err }), timeout)
  })
  const found = check().then(
    (isReady) => ({ isReady }),
    (err: unknown) => ({ isReady: false, err }),
  )
  const finding = await Promise.race([found, late])
  clearTimeout(timer)
  return finding
}
