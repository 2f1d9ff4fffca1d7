import { openSync, writeSync } from 'node:fs'

/** While this file is open, processors wake within the written latency (docs.kernel.org/power/pm_qos_interface.html). */
const LATENCY = '/dev/cpu_dma_latency'

/**
 * Keeps processors from sleeping until this process ends. Returns false without the permission to do so. Linux counts
 * the time of waking the load generator's processor as CPU time of the server that sends it a response. On a virtual
 * machine, waking a processor takes as long as bare Fastify takes for a request.
 */
export function keepAwake(): boolean {
  try {
    writeSync(openSync(LATENCY, 'w'), new Int32Array([0])) // in microseconds
    return true
  } catch {
    return false
  }
}
