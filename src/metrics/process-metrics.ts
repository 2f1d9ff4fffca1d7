import { collectDefaultMetrics, Registry } from '@prometheus-io/client'

let registry: Registry | undefined

/**
 * Returns the metrics of the process and of Node. All apps in the process share this registry, since each registry
 * measures garbage collection and event-loop delay with its own observers.
 */
export function processMetrics(): Registry {
  if (!registry) {
    registry = new Registry()
    collectDefaultMetrics({ register: registry })
  }
  return registry
}
