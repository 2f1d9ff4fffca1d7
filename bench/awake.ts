import { openSync, writeSync } from 'node:fs'

/** While this file is open, processors wake within the written latency (docs.kernel.org/power/pm_qos_interface.html). */
const LATENCY = '/dev/cpu_dma_latency'

/**
 * Keeps processors from sleeping until this process ends. Returns false if this process lacks the permission. If the
 * load generator's processor sleeps, Linux counts the time of waking it as CPU time of the server that sends a response.
 * On a virtual machine, waking a processor takes as long as bare Fastify takes for a request.
 */
export function keepAwake(): boolean {
  try {
    writeSync(openSync(LATENCY, 'w'), new Int32Array([0])) // in microseconds
    return true
  } catch {
    return false
  }
}
