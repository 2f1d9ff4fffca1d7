import { Redis, type Result } from 'ioredis'
import { type Allowance, createMemoryQuota, secondsOf, WINDOW } from './memory-quota.ts'

/** A quota that several processes share. */
export interface SharedQuota {
  take(client: string): Promise<Allowance>
  close(): void
}

/** Is told, once, that Redis was lost, and that it is back. */
export interface Listener {
  onLost(error: unknown): void
  onBack(): void
}

/** How long Redis may keep a request waiting, in milliseconds. */
const PATIENCE = 250

/** Names the keys, in a Redis that may hold those of others. */
const PREFIX = 'restful-web-api:quota:'

/** A key that has no end, whoever made it, would never be whole again. */
const TAKE = `
local taken = redis.call('INCR', KEYS[1])
if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return { taken, redis.call('PTTL', KEYS[1]) }`

declare module 'ioredis' {
  interface RedisCommander<Context> {
    take(key: string, window: number): Result<[taken: number, left: number], Context>
  }
}

/**
 * Counts in Redis. While that is out of reach each process counts for itself: a request waits for
 * Redis at most once, and those behind it not at all until there is a connection again.
 */
export function createRedisQuota(url: string, limit: number, listener: Listener): SharedQuota {
  const own = createMemoryQuota(limit)
  let isLost = false
  const redis = new Redis(url, {
    keyPrefix: PREFIX,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 4 * PATIENCE,
    socketTimeout: PATIENCE,
    scripts: { take: { lua: TAKE, numberOfKeys: 1 } },
  })
  redis.on('error', lose).on('close', onClose)

  function lose(error: unknown) {
    if (!isLost) listener.onLost(error)
    isLost = true
  }
  function onClose() {
    lose(new Error('Redis has closed the connection'))
  }

  return {
    async take(client) {
      if (redis.status !== 'ready') return own.take(client)
      try {
        const [taken, left] = await redis.take(client, WINDOW)
        if (isLost) listener.onBack()
        isLost = false
        return { remaining: limit - taken, resetIn: secondsOf(left) }
      } catch (error) {
        lose(error)
        return own.take(client)
      }
    },
    close() {
      redis.off('close', onClose)
      redis.disconnect()
    },
  }
}
