import { isIP } from 'node:net'

/** An IPv4 address, as a socket for both versions has it (RFC 4291 §2.5.5.2), or with its port. */
const IPV4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)(?::\d+)?$/i

/** An IPv6 address in brackets, with its port (RFC 3986 §3.2.2). */
const BRACKETED = /^\[(.*)\](?::\d+)?$/

/**
 * What an address tells of who is behind it. Of IPv6 that is its first 64 bits: the others are the
 * client's own to choose (RFC 4291 §2.5.4, RFC 8981).
 *
 * @param text an address as a socket or a proxy gives it; what is no address counts as one and the same.
 */
export function networkOf(text: string | undefined = ''): string {
  const address = IPV4.exec(text)?.[1] ?? BRACKETED.exec(text)?.[1] ?? text
  if (isIP(address) !== 6) return isIP(address) === 4 ? address : 'unknown'
  const [head = [], tail = []] = address.split('::').map((part) => part.split(':').filter(Boolean))
  const zeros = Array<string>(8 - head.length - tail.length).fill('0')
  const groups = [...head, ...zeros, ...tail].slice(0, 4)
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`
}

/** An address, and with a slash how many of its bits count (RFC 4632 §3.1, RFC 4291 §2.3). */
const BLOCK = /^([\da-f:.]+)(?:\/([1-9]\d{0,2}))?$/i

/** Whether the text is an address or a block of addresses. All that there are is no block. */
export function isBlock(text: string): boolean {
  const [, address = '', bits = '1'] = BLOCK.exec(text) ?? []
  return Number(bits) <= (BITS[isIP(address)] ?? 0)
}

const BITS: Record<number, number> = { 4: 32, 6: 128 }
