import { collectDefaultMetrics, Registry } from '@prometheus-io/client'

let registry: Registry | undefined

/** The metrics of the process and of Node, which all apps in it share: each is measured once. */
export function processMetrics(): Registry {
  if (!registry) {
    registry = new Registry()
    collectDefaultMetrics({ register: registry })
  }
  return registry
}
