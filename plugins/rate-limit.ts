/**
 * Rate limit: refuses requests over a client's quota with 429 (RFC 6585 §4).
 *
 * A client is the authenticated account, otherwise the IPv4 address or the IPv6 /64 network, with a limit for its /56
 * too. Responses state the quota in RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers-10). While
 * Redis is unreachable, each process counts alone. Refused requests count too, for the address if the credentials were
 * not verified, but not those that load shedding refuses.
 */
import type { FastifyInstance, FastifyReply } from 'fastify'
import fp from 'fastify-plugin'
import { type Static, Type } from 'typebox'
import { addHook } from '../src/hooks.ts'
import { createProxyTrust, networkOf } from '../src/http/client-address.ts'
import { HttpError } from '../src/http/http-error.ts'
import { parseOptions } from '../src/plugin-options.ts'
import { createNetworkQuota } from '../src/quota/network-quota.ts'
import { openQuotas, RedisUrl } from '../src/quota/open-quotas.ts'
import { type QuotaState, toSeconds, WINDOW_MS } from '../src/quota/quota.ts'

export const RateLimitOptions = Type.Object({
  requestsPerMinute: Type.Integer({
    default: 600,
    minimum: 0,
    description:
      'Requests per minute per client (account, or IP address if anonymous); 0 disables the ' +
      'limit.',
  }),
  redisUrl: RedisUrl,
  trustedProxies: Type.Array(Type.String(), {
    default: [],
    description: 'Addresses or blocks of the proxies, which are no clients',
  }),
})
export type RateLimitOptions = Partial<Static<typeof RateLimitOptions>>
export const autoConfig = ({ config }: FastifyInstance): RateLimitOptions => config.rateLimit

type QuotaName = 'requests' | 'probes' | 'assets'

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * Quota of the route instead of `requests`, with the same limit, and always by address. So probes and the files of
     * pages do not fail because their client has used up its other requests.
     */
    rateLimit?: Exclude<QuotaName, 'requests'>
  }
  interface FastifyRequest {
    isCounted: boolean
  }
  interface FastifyInstance {
    /**
     * Counts a request that is not counted yet: for the account if given, otherwise for the address. Undefined if no
     * limit is configured.
     *
     * @throws {HttpError} 429 if the client has no requests left
     */
    countRequest?: (reply: FastifyReply, account?: string) => Promise<void> | undefined
    /** Counts a request that was refused before Fastify got it, for the peer of its connection unless that is a proxy. */
    countRefusedPeer?: (address: string | undefined) => void
  }
}

async function rateLimit(app: FastifyInstance, options: RateLimitOptions) {
  const parsed = parseOptions('rate-limit', RateLimitOptions, options)
  const { requestsPerMinute, redisUrl } = parsed
  if (requestsPerMinute === 0) return

  const isProxy = createProxyTrust(parsed.trustedProxies)
  const createQuota = await openQuotas(app, redisUrl)
  const byAccount = createQuota('requests-account', requestsPerMinute)
  const byNetwork = createNetworkQuota(createQuota, 'requests', requestsPerMinute)
  const limits = `q=${requestsPerMinute};w=${toSeconds(WINDOW_MS)}`
  const policies: Record<QuotaName, string> = {
    requests: `"requests";${limits}`,
    probes: `"probes";${limits}`,
    assets: `"assets";${limits}`,
  }

  function take(ip: string, quota: QuotaName, account?: string) {
    if (quota !== 'requests') return byNetwork.take(`${networkOf(ip)} ${quota}`)
    return account === undefined ? byNetwork.take(networkOf(ip)) : byAccount.take(account)
  }

  function count(reply: FastifyReply, account?: string): Promise<void> | undefined {
    const { ip, routeOptions } = reply.request
    const { rateLimit: quota = 'requests' } = routeOptions.config
    const state = take(ip, quota, account)
    if ('then' in state) return state.then((settled) => report(reply, quota, settled))
    report(reply, quota, state)
  }

  function report(reply: FastifyReply, quota: QuotaName, { remaining, resetSeconds }: QuotaState) {
    const left = Math.max(remaining, 0)
    reply.request.explain?.('quota', left)
    reply
      .header('ratelimit-policy', policies[quota])
      .header('ratelimit', `"${quota}";r=${left};t=${resetSeconds}`)
    if (remaining >= 0) return
    const detail = `limit of ${requestsPerMinute} requests per minute reached`
    throw new HttpError('TOO_MANY_REQUESTS', detail, {
      headers: { 'retry-after': String(resetSeconds) },
    })
  }

  function countRequest(reply: FastifyReply, account?: string) {
    const { request } = reply
    if (request.isCounted) return
    request.isCounted = true
    return count(reply, account)
  }

  app.decorate('countRequest', countRequest)
  app.decorate('countRefusedPeer', (address) => {
    // The refusal does not wait for the count, which never rejects: without Redis, the process counts alone.
    if (!isProxy(address)) void byNetwork.take(networkOf(address))
  })
  app.decorateRequest('isCounted', false)
  // Several accounts may share an address. So a request with credentials is counted only after the route has verified
  // the credentials. If the route does not verify them, the request is counted in preParsing. A request that fails
  // before that, in any hook or in the router, is counted by the error handler.
  addHook(app, 'onRequest', 'rate-limit', ({ method, headers }, reply) => {
    if (headers.authorization === undefined || method === 'OPTIONS') return countRequest(reply)
  })
  addHook(app, 'preParsing', 'rate-limit', (_request, reply) => countRequest(reply))
}

export default fp(rateLimit, { name: 'rate-limit', fastify: '5.x' })
