/** IP addresses of clients and proxies. */
import { BlockList, isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { LRUCache } from 'lru-cache'

const { IPv4, IPv6 } = ipaddr

/** An IPv4 address and a port. */
const IPV4_WITH_PORT = /^([\d.]+):\d+$/

/** An IPv6 address in brackets, optionally with a port (RFC 3986 §3.2.2). */
const BRACKETED_IPV6 = /^\[(.*)\](?::\d+)?$/

/**
 * Networks whose addresses end with the IPv4 address of the client: addresses of dual-stack sockets (RFC 4291
 * §2.5.5.2), of NAT64 (RFC 6052 §2.1) and of its predecessor SIIT (RFC 2765 §2.1). The first 64 bits are the same for
 * all clients.
 */
const EMBEDDED_IPV4 = ['::ffff:0:0/96', '64:ff9b::/96', '::ffff:0:0:0/96'].map((text) =>
  IPv6.parseCIDR(text),
)

/** Networks of 6to4, which contain the IPv4 address of their owner (RFC 3056 §2). */
const SIX_TO_FOUR = IPv6.parseCIDR('2002::/16')

/**
 * NAT64 with a prefix of the local network (RFC 8215). The position of the IPv4 address depends on the length of the
 * prefix, but each client has one address, since the other bits are zero (RFC 6052 §2.2).
 */
const LOCAL_NAT64 = IPv6.parseCIDR('64:ff9b:1::/48')

/** Networks of IPv6 addresses without a zone. A look-up takes 0.8 µs, parsing an address 5 µs. */
const ipv6Networks = new LRUCache<string, string>({ max: 1_000, memoMethod: ipv6Network })

/**
 * Returns the network of a client: the IPv4 address, or the first 64 bits of an IPv6 address, since clients can
 * choose the other 64 bits (RFC 4291 §2.5.4, RFC 8981). An IPv6 address of NAT64 counts as its IPv4 address.
 *
 * @param text address from a socket or a proxy; an invalid address counts as the client `unknown`
 */
export function networkOf(text: string | undefined = ''): string {
  if (isIP(text) === 4) return text
  const address = IPV4_WITH_PORT.exec(text)?.[1] ?? BRACKETED_IPV6.exec(text)?.[1] ?? text
  if (isIP(address) === 6) return ipv6Networks.memo(address.replace(/%.*/, ''))
  return isIP(address) === 4 ? address : 'unknown'
}

function ipv6Network(text: string): string {
  const address = IPv6.parse(text)
  const { parts } = address
  if (EMBEDDED_IPV4.some((network) => address.match(network))) return ipv4Of(parts.slice(6))
  if (address.match(SIX_TO_FOUR)) return ipv4Of(parts.slice(1, 3))
  if (address.match(LOCAL_NAT64)) return address.toString()
  return `${new IPv6([...parts.slice(0, 4), 0, 0, 0, 0])}/64`
}

/**
 * Ratio of a limit of an IPv6 /56 network to the limit of a /64. A home has a /56 and uses few of its 256 networks, so
 * with this ratio it gets little more than an IPv4 address. Some hosters give each customer a /64, so the ratio is not 1.
 */
export const NARROW_PER_WIDE = 4

/** Returns the IPv4 address of two parts of an IPv6 address. */
function ipv4Of(parts: number[]): string {
  return parts.flatMap((part) => [part >> 8, part & 0xff]).join('.')
}

/** /56 networks by /64 network. */
const wideNetworks = new LRUCache<string, string>({ max: 1_000, memoMethod: wideNetwork })

/**
 * Returns the /56 network that contains an IPv6 /64 network; undefined for other networks. A home has a /56 or more, and
 * so at least 256 /64 networks (RIPE-690 §4.2).
 *
 * @param network network as `networkOf` returns it
 */
export function wideNetworkOf(network: string): string | undefined {
  return network.endsWith('/64') ? wideNetworks.memo(network) : undefined
}

function wideNetwork(network: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = IPv6.parse(network.slice(0, -3)).parts
  return `${new IPv6([a, b, c, d & 0xff00, 0, 0, 0, 0])}/56`
}

/** Shortened networks by network. */
const shortNetworks = new LRUCache<string, string>({ max: 1_000, memoMethod: shortNetwork })

/** Returns the /24 network of an IPv4 address or the /48 network of an IPv6 address, which name no single person. */
export function shortNetworkOf(address: string): string {
  return shortNetworks.memo(networkOf(address))
}

function shortNetwork(network: string): string {
  if (isIP(network) === 4) return network.replace(/\d+$/, '0/24')
  if (network === 'unknown') return network
  const { parts } = IPv6.parse(network.replace(/\/.*/, ''))
  return `${new IPv6([...parts.slice(0, 3), 0, 0, 0, 0, 0])}/48`
}

/** Creates a function that returns true for an address in one of the blocks. The peer of a Unix socket has no address. */
export function createProxyTrust(blocks: readonly string[]) {
  const list = new BlockList()
  for (const block of blocks) {
    const [address = '', bits] = block.split('/')
    if (isIP(address) === 4) list.addSubnet(address, Number(bits ?? 32), 'ipv4')
    else list.addSubnet(address, Number(bits ?? 128), 'ipv6')
  }
  const isListed = new LRUCache<string, boolean>({
    max: 1_000,
    memoMethod: (address) => list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6'),
  })
  return (address = ''): boolean =>
    blocks.length > 0 && isIP(address) !== 0 && isListed.memo(address.replace(/%.*/, ''))
}

/** An address, optionally with the length of a prefix in bits (RFC 4632 §3.1, RFC 4291 §2.3). */
const BLOCK = /^[\da-f:.]+(?:\/[1-9]\d*)?$/i

/** Returns true for a block as large as a private network (RFC 1918, RFC 4193), which may contain clients. */
export function isWideBlock(block: string): boolean {
  const [address = '', bits = '128'] = block.split('/')
  return Number(bits) <= (isIP(address) === 4 ? 16 : 48)
}

/** Returns true for an address or a block of addresses, but not for the block of all addresses (/0). */
export function isBlock(text: string): boolean {
  if (!BLOCK.test(text)) return false
  return isIP(text) !== 0 || IPv4.isValidCIDRFourPartDecimal(text) || IPv6.isValidCIDR(text)
}
