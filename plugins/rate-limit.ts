import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type Static, Type } from 'typebox'
import { addHook } from '../src/hooks.ts'
import { networkOf } from '../src/http/client-address.ts'
import { HttpError } from '../src/http/http-error.ts'
import { parseOptions } from '../src/plugin-options.ts'
import { type Allowance, createMemoryQuota, WINDOW } from '../src/quota/memory-quota.ts'

export const RateLimitOptions = Type.Object({
  requestsPerMinute: Type.Integer({
    minimum: 0,
    default: 600,
    description: 'Requests per minute per client; 0 disables the limit',
  }),
  redisUrl: Type.Optional(
    Type.String({ description: 'Redis in which all processes count together' }),
  ),
})
export type RateLimitOptions = Partial<Static<typeof RateLimitOptions>>

/** Options of the service, from its configuration. */
export const autoConfig = ({ config }: FastifyInstance): RateLimitOptions => config.rateLimit

/**
 * Rate limit: RATE_LIMIT requests a minute for each client, and 429 for more (RFC 6585 §4).
 *
 * A client is who authenticates, or else the network of an address. The fields RateLimit-Policy and
 * RateLimit (draft-ietf-httpapi-ratelimit-headers-10) tell what there is and what is left of it, in every
 * reply to what counts: all but OPTIONS, and routes with `config: { rateLimit: false }`. With REDIS_URL
 * all processes count together.
 */
export default fp(
  async (app, given: RateLimitOptions) => {
    const options = parseOptions('rate-limit', RateLimitOptions, given)
    const { requestsPerMinute, redisUrl } = options
    if (requestsPerMinute === 0) {
      app.decorate('countRequest', null)
      return
    }
    const policy = `"requests";q=${requestsPerMinute};w=${WINDOW / 1_000}`
    const take = await openQuota(app, requestsPerMinute, redisUrl)

    function tell(reply: FastifyReply, { remaining, resetIn }: Allowance) {
      const left = Math.max(remaining, 0)
      reply.request.explain?.('quota', left)
      reply.headers({ 'ratelimit-policy': policy, ratelimit: `"requests";r=${left};t=${resetIn}` })
      if (remaining >= 0) return
      throw new HttpError(
        'TOO_MANY_REQUESTS',
        `limit of ${requestsPerMinute} requests per minute reached`,
        {
          headers: { 'retry-after': String(resetIn) },
        },
      )
    }

    function countRequest(reply: FastifyReply, client: string) {
      const { method, routeOptions } = reply.request
      if (method === 'OPTIONS' || routeOptions.config.rateLimit === false) return
      const allowance = take(client)
      if ('then' in allowance) return allowance.then((found) => tell(reply, found))
      tell(reply, allowance)
    }

    const countAddress = (reply: FastifyReply) =>
      countRequest(reply, `address ${networkOf(reply.request.ip)}`)

    app.decorate('countRequest', (reply, name) => countRequest(reply, `name ${name}`))
    // before anything is refused
    addHook(app, 'onRequest', 'rate-limit', (request, reply) =>
      mayAuthenticate(request) ? undefined : countAddress(reply),
    )
    // The route did not verify the credentials, so they prove nothing: count the address.
    addHook(app, 'preParsing', 'rate-limit', (request, reply) =>
      mayAuthenticate(request) && !request.principal ? countAddress(reply) : undefined,
    )
  },
  { name: 'rate-limit', fastify: '5.x' },
)

declare module 'fastify' {
  interface FastifyContextConfig {
    /** False for a route that clients may call as often as they like. */
    rateLimit?: false
  }
  interface FastifyInstance {
    /**
     * Counts a request as that of whoever has authenticated, and tells what is left; null where there
     * is no limit.
     *
     * @throws {HttpError} 429 where it was one too many.
     */
    countRequest: ((reply: FastifyReply, name: string) => Promise<void> | undefined) | null
  }
}

/** Who has a name is not counted by address: others may be behind the same. */
function mayAuthenticate(request: FastifyRequest): boolean {
  return request.headers.authorization !== undefined && !request.is404
}

async function openQuota(app: FastifyInstance, limit: number, redisUrl?: string): Promise<Take> {
  if (!redisUrl) return createMemoryQuota(limit).take
  const { createRedisQuota } = await import('../src/quota/redis-quota.ts')
  const quota = createRedisQuota(redisUrl, limit, {
    onLost: (error) => app.log.error({ err: error }, 'Redis is out of reach: each process counts'),
    onBack: () => app.log.info('Redis is back'),
  })
  app.addHook('onClose', async () => quota.close())
  return quota.take
}

type Take = (client: string) => Allowance | Promise<Allowance>
