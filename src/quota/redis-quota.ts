import { Redis, type Result } from 'ioredis'
import { createMemoryQuota } from './memory-quota.ts'
import { type QuotaState, toSeconds, WINDOW_MS } from './quota.ts'

/** Callbacks that are called once when Redis becomes unreachable, and once when it is reachable again. */
interface RedisQuotaEvents {
  onLost(error: unknown): void
  onRestored(): void
}

/** Maximum time that a request waits for Redis. */
const REDIS_TIMEOUT_MS = 250

const CONNECT_TIMEOUT_MS = 1_000

/** Prefix of the keys, since other services may use the same Redis server. */
const KEY_PREFIX = 'restful-web-api:quota:'

/** Counts a request. Sets an expiry if the key has none, since the client would otherwise be refused forever. */
const TAKE = `
local taken = redis.call('INCR', KEYS[1])
if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return { taken, redis.call('PTTL', KEYS[1]) }`

declare module 'ioredis' {
  interface RedisCommander<Context> {
    take(key: string, windowMs: number): Result<[taken: number, leftMs: number], Context>
  }
}

/**
 * Creates a quota that counts in Redis, so that all processes with this Redis server share the quota. While Redis is
 * unreachable, each process counts its own requests. When Redis fails, requests that already wait for it wait until the
 * timeout; later requests do not wait.
 *
 * @param limit requests per window and client
 */
export function createRedisQuota(url: string, limit: number, events: RedisQuotaEvents) {
  const fallback = createMemoryQuota(limit)
  let isLost = false
  const redis = new Redis(url, {
    keyPrefix: KEY_PREFIX,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: REDIS_TIMEOUT_MS,
    scripts: { take: { lua: TAKE, numberOfKeys: 1 } },
  })
  redis.on('error', onError).on('close', onClose)

  function onError(error: unknown) {
    if (!isLost) events.onLost(error)
    isLost = true
  }
  function onClose() {
    onError(new Error('Redis has closed the connection'))
  }

  return {
    async take(client: string): Promise<QuotaState> {
      if (redis.status !== 'ready') return fallback.take(client)
      try {
        const [taken, leftMs] = await redis.take(client, WINDOW_MS)
        if (isLost) events.onRestored()
        isLost = false
        return { remaining: limit - taken, resetSeconds: toSeconds(leftMs) }
      } catch (error) {
        onError(error)
        return fallback.take(client)
      }
    },
    close() {
      redis.off('close', onClose)
      redis.disconnect()
    },
  }
}
