import { openSync, writeSync } from 'node:fs'

/** While it is open, processors wake within the latency written to it (docs.kernel.org/power/pm_qos_interface.html). */
const LATENCY = '/dev/cpu_dma_latency'

/**
 * Keeps processors from sleeping until this process ends, and returns whether that is permitted. Waking
 * one costs the process that sends to it, on a virtual machine as much as bare Fastify takes for a
 * request: servers would be charged for the pauses of the load generator.
 */
export function keepAwake(): boolean {
  try {
    writeSync(openSync(LATENCY, 'w'), new Int32Array([0])) // in microseconds
    return true
  } catch {
    return false
  }
}
