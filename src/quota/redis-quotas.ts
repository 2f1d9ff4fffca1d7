import { Redis, type Result } from 'ioredis'
import { LRUCache } from 'lru-cache'
import { createMemoryQuota, MAX_CLIENTS } from './memory-quota.ts'
import { type Quota, type QuotaState, toSeconds, WINDOW_MS } from './quota.ts'

/** Callbacks that are called once when Redis becomes unreachable, and once when it is reachable again. */
interface RedisEvents {
  onLost(error: unknown): void
  onRestored(): void
}

/** Maximum time that a request waits for Redis. */
const REDIS_TIMEOUT_MS = 250

const CONNECT_TIMEOUT_MS = 1_000

/** Prefix of the keys, since other services may use the same Redis server. */
const KEY_PREFIX = 'restful-web-api:quota:'

/**
 * Adds an amount to a count. Only a positive amount creates the count. Sets an expiry if the key has none, since the
 * client would otherwise be refused forever.
 */
const TAKE = `
if tonumber(ARGV[2]) <= 0 and redis.call('EXISTS', KEYS[1]) == 0 then return { 0, tonumber(ARGV[1]) } end
local taken = redis.call('INCRBY', KEYS[1], ARGV[2])
if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return { taken, redis.call('PTTL', KEYS[1]) }`

declare module 'ioredis' {
  interface RedisCommander<Context> {
    take(
      key: string,
      windowMs: number,
      amount: number,
    ): Result<[taken: number, leftMs: number], Context>
  }
}

/**
 * Connects to Redis, in which quotas count together for all processes with this Redis server. While Redis is
 * unreachable, each process counts its own requests. When Redis fails, requests that already wait for it wait until the
 * timeout; later requests do not wait.
 */
export function connectRedisQuotas(url: string, events: RedisEvents) {
  let isLost = false
  const redis = new Redis(url, {
    keyPrefix: KEY_PREFIX,
    enableOfflineQueue: false,
    enableAutoPipelining: true, // sends the commands of one event-loop iteration together
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

  /** Returns undefined if Redis is unreachable. */
  async function take(key: string, windowMs: number, amount: number) {
    if (redis.status !== 'ready') return undefined
    try {
      const [taken, leftMs] = await redis.take(key, windowMs, amount)
      if (isLost) events.onRestored()
      isLost = false
      return { taken, leftMs }
    } catch (error) {
      onError(error)
      return undefined
    }
  }

  return {
    isReachable: () => redis.status === 'ready',
    create: (name: string, limit: number, windowMs = WINDOW_MS) =>
      createRedisQuota(take, name, limit, windowMs),
    close() {
      redis.off('close', onClose)
      redis.disconnect()
    },
  }
}

type Take = (
  key: string,
  windowMs: number,
  amount: number,
) => Promise<{ taken: number; leftMs: number } | undefined>

function createRedisQuota(take: Take, name: string, limit: number, windowMs: number): Quota {
  const fallback = createMemoryQuota(limit, windowMs)
  /** Clients without requests left, according to the last state that this process has received. */
  const spent = new LRUCache<string, true>({ max: MAX_CLIENTS })
  return {
    async take(client, amount = 1): Promise<QuotaState> {
      const state = await take(`${name}:${client}`, windowMs, amount)
      if (!state) return fallback.take(client, amount)
      const remaining = limit - state.taken
      if (remaining > 0) spent.delete(client)
      else spent.set(client, true, { ttl: Math.max(state.leftMs, 1) })
      return { remaining, resetSeconds: toSeconds(state.leftMs) }
    },
    isSpent: (client) => spent.has(client) || fallback.isSpent(client),
  }
}
