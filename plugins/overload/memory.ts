/** Memory use of the process, as V8 reports it. */
import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Time between two garbage collections that the service demands. One takes some 100 ms. */
const COLLECTION_INTERVAL_MS = 5_000

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

/**
 * Returns a function that returns true if more memory is in use than the limit. If it is, the function first collects the
 * garbage: a process that refuses all requests creates too little garbage for V8 to collect it.
 */
export function createMemoryCheck(limitBytes: number): () => boolean {
  let collectedAt = Number.NEGATIVE_INFINITY
  return () => {
    if (memoryInUse() <= limitBytes) return false
    if (performance.now() - collectedAt < COLLECTION_INTERVAL_MS) return true
    collectGarbage()
    collectedAt = performance.now()
    return memoryInUse() > limitBytes
  }
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc')
  collect()
  collect() // frees the buffers that the first call has found
}
