import { isIP } from 'node:net'

/** An IPv4 address in the form of IPv6 (RFC 4291 §2.5.5.2), as a socket for both has it. */
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i

/**
 * What an address tells of who is behind it. Of IPv6 that is its first 64 bits: the others are the
 * client's own to choose (RFC 4291 §2.5.4, RFC 8981).
 *
 * @param address as a socket or a proxy gives it; what is no address counts as one and the same.
 */
export function networkOf(address: string | undefined = ''): string {
  const mapped = MAPPED.exec(address)?.[1]
  if (mapped) return mapped
  if (isIP(address) !== 6) return isIP(address) === 4 ? address : 'unknown'
  const [head = [], tail = []] = address.split('::').map((part) => part.split(':').filter(Boolean))
  const zeros = Array<string>(8 - head.length - tail.length).fill('0')
  const groups = [...head, ...zeros, ...tail].slice(0, 4)
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`
}
