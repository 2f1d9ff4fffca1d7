/** Metrics of the process. */
import { collectDefaultMetrics, Registry } from '@prometheus-io/client'

let registry: Registry | undefined

/**
 * Returns the metrics of the process and of Node. All apps in the process share them, since each collection
 * adds its own observers of garbage collection and event-loop delay.
 */
export function processMetrics(): Registry {
  if (!registry) {
    registry = new Registry()
    collectDefaultMetrics({ register: registry })
  }
  return registry
}
