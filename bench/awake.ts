import { openSync, writeSync } from 'node:fs'

/** Linux keeps its processors as ready as this says while it is open (docs.kernel.org/power/pm_qos_interface.html). */
const LATENCY = '/dev/cpu_dma_latency'

/**
 * Has no processor sleep until this process ends, and says whether that was granted. To wake one that
 * sleeps takes the time of who sends to it, on a virtual machine as much as bare Fastify takes for a
 * request: servers would pay for how long the load had nothing to do.
 */
export function keepAwake(): boolean {
  try {
    writeSync(openSync(LATENCY, 'w'), new Int32Array([0])) // in microseconds
    return true
  } catch {
    return false
  }
}
