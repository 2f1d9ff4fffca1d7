/**
 * Hosts: refuses a request for a host that the service does not serve, with 421 (RFC 9110 §15.5.20).
 *
 * The host shows whether a browser has sent the request for a page of another site. Such a page can let its own name
 * lead to the address of the service (DNS rebinding), and is then of the same origin as the service.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type Static, Type } from 'typebox'
import { addHook } from '../src/hooks.ts'
import { networkOf } from '../src/http/client-address.ts'
import { isLoopback } from '../src/http/host.ts'
import { HttpError } from '../src/http/http-error.ts'
import { authorityOf } from '../src/http/request-target.ts'
import { parseOptions } from '../src/plugin-options.ts'

export const HostsOptions = Type.Object({
  allowedHosts: Type.Array(Type.String(), {
    default: [],
    description: 'Names and addresses without a port; all hosts are allowed if there are none',
  }),
  onlyLoopback: Type.Boolean({
    default: false,
    description:
      'If true, only localhost, 127.0.0.0/8 and [::1] are allowed, and no requests from a proxy or another machine.',
  }),
})
export type HostsOptions = Partial<Static<typeof HostsOptions>>
export const autoConfig = ({ config }: FastifyInstance): HostsOptions => config.hosts

/** Fields that proxies add to requests (RFC 7239, RFC 9110 §7.6.3). */
const PROXY_FIELDS = new Set([
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
  'x-real-ip',
  'x-client-ip',
  'true-client-ip',
  'cf-connecting-ip',
  'forwarded',
  'via',
])

async function hosts(app: FastifyInstance, options: HostsOptions) {
  const { allowedHosts, onlyLoopback } = parseOptions('hosts', HostsOptions, options)
  const allowed = new Set(allowedHosts.map((host) => host.toLowerCase()))
  const isAllowed = (host: string) =>
    (allowed.size === 0 || allowed.has(host)) && (!onlyLoopback || isLoopback(host))
  /** Latest allowed host and address. Most requests have the same, and comparing is faster than checking. */
  let latest: string | undefined
  let latestAddress: string | undefined

  function checkHost({ host: sent, originalUrl, headers, ip }: FastifyRequest) {
    if (onlyLoopback) {
      if (ip !== latestAddress) refuseRemote(ip)
      latestAddress = ip
      refuseProxy(headers)
    }
    // Only HTTP/1.0 allows a request without a host, and browsers always send one.
    const host = sent || authorityOf(originalUrl)
    if (host === latest || host === undefined) return
    const name = host.replace(/:\d*$/, '').toLowerCase()
    if (isAllowed(name)) {
      latest = host
      return
    }
    const detail =
      onlyLoopback && !isLoopback(name)
        ? "with the tutorial's accounts, the host must be localhost, 127.0.0.1 or [::1]"
        : 'this host is not served here'
    throw new HttpError('MISDIRECTED_REQUEST', detail)
  }

  if (allowed.size === 0 && !onlyLoopback) return
  addHook(app, 'onRequest', 'hosts', checkHost)
  addHook(app, 'onFrameworkError', 'hosts', checkHost)
}

/** Refuses a request from another machine. The peer of a Unix socket has no address. */
function refuseRemote(ip: string | undefined) {
  if (!ip || isLoopback(ip) || isLoopback(networkOf(ip))) return
  const detail = "with the tutorial's accounts, requests from other machines are refused"
  throw new HttpError('MISDIRECTED_REQUEST', detail)
}

/** Refuses a request from a proxy, through which other machines could reach the service. */
function refuseProxy(headers: FastifyRequest['headers']) {
  // A request has fewer fields than the set, so this takes less time than to look for each member of the set.
  for (const field in headers) {
    if (!PROXY_FIELDS.has(field)) continue
    const detail = `with the tutorial's accounts, requests from a proxy are refused, such as those with ${field}`
    throw new HttpError('MISDIRECTED_REQUEST', detail)
  }
}

export default fp(hosts, { name: 'hosts', fastify: '5.x' })
