/** X-Forwarded-Host and X-Forwarded-Proto of trusted proxies. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { createProxyTrust } from './client-address.ts'

interface ForwardedOptions {
  trustProxy: readonly string[]
  /** True if X-Forwarded-Host replaces Host. */
  forwardedHost: boolean
}

/**
 * Creates a function that reduces X-Forwarded-Host and X-Forwarded-Proto to one entry, because Fastify would use the
 * last entry, even in a chain of proxies of which each adds one. The entry is that of the first trusted proxy, which
 * X-Forwarded-For shows: clients can only write the entries before it.
 */
export function createForwarded({ trustProxy, forwardedHost }: ForwardedOptions) {
  if (trustProxy.length === 0) return () => {}
  const isTrusted = createProxyTrust(trustProxy)
  return ({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>) => {
    if (!forwardedHost) delete headers['x-forwarded-host']
    if (!isTrusted(socket.remoteAddress)) return
    reduceField(headers, 'x-forwarded-host', isTrusted)
    reduceField(headers, 'x-forwarded-proto', isTrusted)
    const protocol = headers['x-forwarded-proto']
    if (protocol !== undefined) headers['x-forwarded-proto'] = String(protocol).toLowerCase()
  }
}

type IsTrusted = (address: string) => boolean

/** Keeps the entry of the first trusted proxy. A proxy that passes the field on adds no entry. */
function reduceField(headers: IncomingHttpHeaders, name: string, isTrusted: IsTrusted) {
  const field = String(headers[name] ?? '')
  if (!field.includes(',')) return
  const entries = entriesOf(field)
  const entry = entries.at(-countProxies(headers, isTrusted)) ?? entries[0]
  if (entry) headers[name] = entry // otherwise the check of the head refuses the field
}

/** Returns the number of trusted proxies, of which each appends the address of its client to X-Forwarded-For. */
function countProxies(headers: IncomingHttpHeaders, isTrusted: IsTrusted): number {
  const clients = entriesOf(String(headers['x-forwarded-for'] ?? '')).reverse()
  const index = clients.findIndex((address) => !isTrusted(address))
  return index < 0 ? clients.length : index + 1
}

function entriesOf(field: string): string[] {
  return field.split(',').map((entry) => entry.trim())
}
