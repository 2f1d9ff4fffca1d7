/** Quotas of an app: counted in Redis if there is one, otherwise in the process. */
import { Gauge, type Registry } from '@prometheus-io/client'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { createMemoryQuota } from './memory-quota.ts'
import type { CreateQuota } from './quota.ts'

/** Option of each plugin that opens quotas. */
export const RedisUrl = Type.String({
  default: '',
  pattern: '^(?:rediss?://.+)?$',
  'x-expected': 'a Redis URL',
  description:
    'redis://USER:PASSWORD@HOST or rediss://… of a Redis server in which all processes count ' +
    'requests and failed logins together, for RATE_LIMIT and AUTH_FAILURE_LIMIT. If it is empty, ' +
    'or the server is unreachable, each process counts alone.',
})

/** The plugins of an app share a connection to Redis. */
const opened = new WeakMap<FastifyInstance['server'], Promise<CreateQuota>>()

/** Returns a function that creates quotas of the app. */
export function openQuotas(app: FastifyInstance, redisUrl: string): Promise<CreateQuota> {
  if (!redisUrl) return Promise.resolve((_name, ...parameters) => createMemoryQuota(...parameters))
  const quotas = opened.get(app.server) ?? connect(app, redisUrl)
  opened.set(app.server, quotas)
  return quotas
}

async function connect(app: FastifyInstance, redisUrl: string): Promise<CreateQuota> {
  const { connectRedisQuotas } = await import('./redis-quotas.ts') // loads ioredis only if needed
  const quotas = connectRedisQuotas(redisUrl, {
    onLost: (err) => app.log.error({ err }, 'Redis is unreachable: each process counts alone'),
    onRestored: () => app.log.info('Redis is back: the counts are shared again'),
  })
  app.addHook('onClose', async () => quotas.close())
  // In onReady, since the optional metrics plugin may be registered later than the plugins with quotas.
  app.addHook('onReady', async () => {
    if (app.metrics) measure(quotas.isReachable, app.metrics.registry)
  })
  return quotas.create
}

function measure(isReachable: () => boolean, registry: Registry) {
  new Gauge({
    name: 'redis_up',
    help: '1 if Redis is reachable, otherwise 0',
    registers: [registry],
    collect() {
      this.set(isReachable() ? 1 : 0)
    },
  })
}
