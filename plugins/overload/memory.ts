import { getHeapStatistics } from 'node:v8'

/** The share of the heap's own limit that may be in use where nothing else was said. */
const SHARE = 0.9

/** Octets that objects and buffers take, garbage included that was not collected yet. */
export function memoryInUse(): number {
  const { used_heap_size, external_memory } = getHeapStatistics()
  return used_heap_size + external_memory
}

/**
 * How many octets may be in use: what was asked for, or nine tenths of what V8 lets its heap have, which
 * in a container is about half of the container's memory.
 */
export function memoryLimit(asked: number): number {
  return asked > 0 ? asked : getHeapStatistics().heap_size_limit * SHARE
}
