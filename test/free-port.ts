import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { isSystemError } from '../src/system-error.ts'

/** Below those that Linux gives to clients, one of which could take it meanwhile (ip_local_port_range). */
const PORTS = [10_000, 32_768] as const

/** A port of the loopback address on which nobody listens just now. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(...PORTS)
    if (await isFree(port)) return port
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (error) {
    if (isSystemError(error, 'EADDRINUSE')) return false
    throw error
  }
  server.close()
  await once(server, 'close')
  return true
}
