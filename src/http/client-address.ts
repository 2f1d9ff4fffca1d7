/** IP addresses of clients and proxies. */
import { isIP } from 'node:net'

/** An IPv4 address, optionally with a port. Dual-stack sockets add `::ffff:` (RFC 4291 §2.5.5.2). */
const IPV4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)(?::\d+)?$/i

/** An IPv6 address in brackets, optionally with a port (RFC 3986 §3.2.2). */
const BRACKETED_IPV6 = /^\[(.*)\](?::\d+)?$/

/**
 * Returns the network of a client: the IPv4 address, or the first 64 bits of an IPv6 address, since clients can
 * choose the other 64 bits (RFC 4291 §2.5.4, RFC 8981).
 *
 * @param text address from a socket or a proxy; an invalid address counts as the client `unknown`
 */
export function networkOf(text: string | undefined = ''): string {
  const address = IPV4.exec(text)?.[1] ?? BRACKETED_IPV6.exec(text)?.[1] ?? text
  if (isIP(address) !== 6) return isIP(address) === 4 ? address : 'unknown'
  const [head = [], tail = []] = address.split('::').map((part) => part.split(':').filter(Boolean))
  const zeros = Array<string>(8 - head.length - tail.length).fill('0')
  const groups = [...head, ...zeros, ...tail].slice(0, 4)
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`
}

/** An address, optionally with the length of a prefix in bits (RFC 4632 §3.1, RFC 4291 §2.3). */
const BLOCK = /^([\da-f:.]+)(?:\/([1-9]\d{0,2}))?$/i

const ADDRESS_BITS: Record<number, number> = { 4: 32, 6: 128 }

/** Returns true for an address or a block of addresses, but not for the block of all addresses (/0). */
export function isBlock(text: string): boolean {
  const [, address = '', bits = '1'] = BLOCK.exec(text) ?? []
  return Number(bits) <= (ADDRESS_BITS[isIP(address)] ?? 0)
}
