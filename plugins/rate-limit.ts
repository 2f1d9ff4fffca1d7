import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { networkOf } from '../src/http/client-address.ts'
import { HttpError } from '../src/http/http-error.ts'
import { type Allowance, createQuota, WINDOW } from '../src/limits/quota.ts'

/**
 * Rate limit: RATE_LIMIT requests a minute for each client, and 429 for more (RFC 6585 §4).
 *
 * A client is who authenticates, or else the network of an address. The fields RateLimit-Policy and
 * RateLimit (draft-ietf-httpapi-ratelimit-headers-10) tell what there is and what is left of it, in every
 * reply to what counts: all but OPTIONS, and routes with `config: { rateLimit: false }`. With REDIS_URL
 * all processes count together.
 */
export default fp(
  async (app) => {
    const { RATE_LIMIT } = app.config
    if (RATE_LIMIT === 0) {
      app.decorate('countRequest', null)
      return
    }
    const policy = `"requests";q=${RATE_LIMIT};w=${WINDOW / 1_000}`
    const take = await openQuota(app)

    function tell(reply: FastifyReply, { remaining, resetIn }: Allowance) {
      const left = Math.max(remaining, 0)
      reply.request.decided?.('quota', left)
      reply.headers({ 'ratelimit-policy': policy, ratelimit: `"requests";r=${left};t=${resetIn}` })
      if (remaining >= 0) return
      throw new HttpError('TOO_MANY_REQUESTS', `a client has ${RATE_LIMIT} a minute`, {
        headers: { 'retry-after': String(resetIn) },
      })
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
    app.addHook('onRequest', (request, reply, done) => {
      const counting = mayAuthenticate(request) ? undefined : countAddress(reply)
      if (counting) return counting
      done() // at once: without Redis there is nothing to wait for
    })
    // credentials that no hook of the route has asked for
    app.addHook('preParsing', (request, reply, _payload, done) => {
      const isOpen = mayAuthenticate(request) && request.principal === null
      const counting = isOpen ? countAddress(reply) : undefined
      if (counting) return counting
      done()
    })
  },
  { name: 'rate-limit', dependencies: ['framing'] },
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

async function openQuota(app: FastifyInstance): Promise<Take> {
  const { RATE_LIMIT, REDIS_URL } = app.config
  if (!REDIS_URL) return createQuota(RATE_LIMIT).take
  const { createSharedQuota } = await import('../src/limits/shared-quota.ts')
  const quota = createSharedQuota(REDIS_URL, RATE_LIMIT, {
    onLost: (error) => app.log.error({ err: error }, 'Redis is out of reach: each process counts'),
    onBack: () => app.log.info('Redis is back'),
  })
  app.addHook('onClose', async () => quota.close())
  return quota.take
}

type Take = (client: string) => Allowance | Promise<Allowance>
