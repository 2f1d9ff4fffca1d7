import { openSync, writeSync } from 'node:fs'

/**
 * A value in this file limits the time to wake a processor, as long as the file is open
 * (docs.kernel.org/power/pm_qos_interface.html).
 */
const LATENCY = '/dev/cpu_dma_latency'

/**
 * Keeps processors from sleeping until this process ends. Returns false if this process lacks the permission. If a
 * server sends a response while the load generator's processor sleeps, Linux counts waking that processor as CPU time
 * of the server. On a virtual machine, waking a processor takes as much CPU time as a request to bare Fastify.
 */
export function keepAwake(): boolean {
  try {
    writeSync(openSync(LATENCY, 'w'), new Int32Array([0])) // in microseconds
    return true
  } catch {
    return false
  }
}
