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

/** The processes that listen or listened, in the order of their start. */
export function pidsOf(server: Server): number[] {
  const listening = linesOf(server).filter(({ msg }) => msg.startsWith('Server listening'))
  return [...new Set(listening.map(({ pid }) => pid))]
}

/** Starts two workers, and waits until both listen. */
export async function startTwo(
  t: Test,
  settings: Record<string, string> = {},
  ...options: string[]
) {
  const server = await startServer(t, { ...TWO, ...settings }, undefined, ...options)
  await until(() => pidsOf(server).length === 2)
  return server
}

/** Waits until the condition holds; the test's own time limit ends what never does. */
export async function until(condition: () => boolean) {
  while (!condition()) await sleep(20)
}
