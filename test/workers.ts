import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { type Server, startServer } from './server.ts'

export const TWO = { WORKERS: '2' }

interface Line {
  msg: string
  pid: number
}

export function linesOf({ lines }: Server): Line[] {
  return lines.map((line) => JSON.parse(line))
}

/** Returns the ids of all processes that have listened so far, in the order in which they began to listen. */
export function pidsOf(server: Server): number[] {
  const listening = linesOf(server).filter(({ msg }) => msg.startsWith('Server listening'))
  return [...new Set(listening.map(({ pid }) => pid))]
}

/** Returns true if a process with this id runs. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Starts the service with two workers, and waits until both listen. */
export async function startTwo(
  t: Test,
  settings: Record<string, string> = {},
  ...options: string[]
) {
  const server = await startServer(t, { ...TWO, ...settings }, undefined, ...options)
  await until(() => pidsOf(server).length === 2)
  return server
}

/** Waits until the condition is true. If it never is, the test times out. */
export async function until(condition: () => boolean) {
  while (!condition()) await sleep(20)
}
