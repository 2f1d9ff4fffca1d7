import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

/**
 * The states in which a connection takes memory of the service or of its kernel, in the kernel's numbers:
 * it is established, the client closed its side, or the service did and the client takes no more.
 */
const HELD = ['01', '08', '04']

/** How often the kernel is asked, in milliseconds. */
const INTERVAL = 100

/** The connections of clients to a port of this machine that the kernel holds for the service, by the client's address. */
export function heldConnections(port: number): string[] {
  const [, ...rows] = readFileSync('/proc/net/tcp', 'latin1').trimEnd().split('\n')
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return rows.flatMap((row) => {
    const [, local, remote, state] = row.trim().split(/\s+/)
    return local?.endsWith(suffix) && HELD.includes(String(state)) ? [String(remote)] : []
  })
}

/** Watches the connections that are made to a port from now on. */
export function watchConnections(port: number) {
  const others = new Set(heldConnections(port))
  const firstSeen = new Map<string, number>()
  let isStopped = false
  let longest = 0
  let held = 0

  function look() {
    const now = performance.now()
    const found = heldConnections(port).filter((remote) => !others.has(remote))
    for (const remote of found) {
      const first = firstSeen.get(remote) ?? now
      firstSeen.set(remote, first)
      longest = Math.max(longest, now - first)
    }
    held = found.length
  }
  async function until(condition: () => boolean) {
    while (!isStopped && !condition()) {
      look()
      await delay(INTERVAL)
    }
  }
  return {
    /** How many there were. */
    count: () => firstSeen.size,
    /** How many there are. */
    held: () => held,
    /** How long the one that lasted longest has lasted, in milliseconds. */
    longest: () => longest,
    /** Watches until a condition holds, or for good. */
    until,
    stop: () => {
      isStopped = true
    },
  }
}
