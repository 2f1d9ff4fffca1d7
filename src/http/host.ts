/** Hosts of requests: names and addresses, with IPv6 addresses in brackets, without a port (RFC 9110 §4.2, §7.2). */
import { isIP } from 'node:net'

const HOST_NAME = /^[a-z\d](?:[\w.-]*[a-z\d])?$/i

/** Returns true for a name or an address, but not for a host with a port. */
export function isHostName(text: string): boolean {
  return HOST_NAME.test(text) || (text.startsWith('[') && isIP(unbracketed(text)) === 6)
}

/** Returns true for 127.0.0.0/8 (RFC 1122 §3.2.1.3), ::1 (RFC 4291 §2.5.3) and localhost (RFC 6761 §6.3). */
export function isLoopback(host: string): boolean {
  const address = unbracketed(host)
  return (
    host.toLowerCase() === 'localhost' ||
    address === '::1' ||
    (isIP(address) === 4 && address.startsWith('127.'))
  )
}

function unbracketed(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1')
}
