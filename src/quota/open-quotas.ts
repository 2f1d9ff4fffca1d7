/** Quotas of an app: counted in Redis if there is one, otherwise in the process. */
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
  return quotas.create
}
