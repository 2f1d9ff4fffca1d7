/** Limit of file descriptors of the process, of which each connection takes one. */
import { readFileSync } from 'node:fs'
import type { Config } from './config.ts'

/** Descriptors for files, pipes, health checks and scrapes. */
const RESERVED = 100

/** Returns the limit; infinite on systems without this file. */
export function readDescriptorLimit(file = '/proc/self/limits'): number {
  try {
    const [, limit] = /^Max open files +(\d+)/m.exec(readFileSync(file, 'utf8')) ?? []
    return Number(limit ?? Number.POSITIVE_INFINITY)
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

/** Returns the number of client connections for which there are file descriptors. */
export function connectionsWithin(descriptors: number, { storage }: Pick<Config, 'storage'>) {
  return Math.max(descriptors - storage.connections - RESERVED, 1)
}
