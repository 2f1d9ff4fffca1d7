import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

/**
 * TCP states, as in /proc/net/tcp, in which a connection holds memory: ESTABLISHED, CLOSE_WAIT (the client has closed
 * the connection) and FIN_WAIT1 (the service has closed it, but the client has not received all data).
 */
const HELD_STATES = ['01', '08', '04']

/** These states, and those in which only the client has not closed the connection (FIN_WAIT2, TIME_WAIT). */
const ALL_STATES = [...HELD_STATES, '05', '06']

const POLL_INTERVAL_MS = 100

/** Returns the client addresses of the connections to a local port in one of these states. */
function connectionsIn(states: string[], port: number): string[] {
  const [, ...rows] = readFileSync('/proc/net/tcp', 'latin1').trimEnd().split('\n')
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return rows.flatMap((row) => {
    const [, local, remote, state] = row.trim().split(/\s+/)
    return local?.endsWith(suffix) && states.includes(String(state)) ? [String(remote)] : []
  })
}

/** Watches connections to a port, except those that were open before the call. */
export function watchConnections(port: number) {
  const others = new Set(connectionsIn(ALL_STATES, port))
  const all = new Set<string>()
  const firstSeen = new Map<string, number>()
  let isStopped = false
  let longestMs = 0
  let held = 0

  function poll() {
    const now = performance.now()
    const isNew = (remote: string) => !others.has(remote)
    for (const remote of connectionsIn(ALL_STATES, port).filter(isNew)) all.add(remote)
    const found = connectionsIn(HELD_STATES, port).filter(isNew)
    for (const remote of found) {
      const first = firstSeen.get(remote) ?? now
      firstSeen.set(remote, first)
      longestMs = Math.max(longestMs, now - first)
    }
    held = found.length
  }
  async function until(condition: () => boolean) {
    while (!isStopped && !condition()) {
      poll()
      await delay(POLL_INTERVAL_MS)
    }
  }
  return {
    /** Returns the number of connections seen so far. */
    count: () => all.size,
    /** Returns the number of connections held at the latest poll. */
    held: () => held,
    /** Returns the longest time for which a connection has been held so far. */
    longestMs: () => longestMs,
    /** Polls until the condition is true or `stop` is called. */
    until,
    stop: () => {
      isStopped = true
    },
  }
}
