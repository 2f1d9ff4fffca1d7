/** Memory use of the process, as V8 reports it. */
import { getHeapStatistics } from 'node:v8'

/** Default memory limit, as a ratio of V8's heap limit. */
const HEAP_LIMIT_RATIO = 0.9

/** Returns the size of all objects and buffers in bytes, including garbage that is not collected yet. */
export function memoryInUse(): number {
  const { used_heap_size, external_memory } = getHeapStatistics()
  return used_heap_size + external_memory
}

/**
 * Returns the limit in bytes: as configured, or nine tenths of V8's heap limit, which in a container is about
 * half of the container's memory.
 *
 * @param configuredBytes 0 for the default
 */
export function memoryLimit(configuredBytes: number): number {
  return configuredBytes > 0
    ? configuredBytes
    : getHeapStatistics().heap_size_limit * HEAP_LIMIT_RATIO
}
