import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Round } from './decision.ts'
import { verify } from './load.ts'
import { type Running, start } from './process.ts'
import { measureSlice } from './slice.ts'
import type { Versions } from './versions.ts'
import type { Workload } from './workloads.ts'

type Side = keyof Round

/**
 * All orders in which the three processes can be measured. Rounds use the orders in turn, so that no process is always
 * measured after the same one.
 */
const ORDERS: readonly (readonly Side[])[] = [
  ['current', 'base', 'control'],
  ['control', 'base', 'current'],
  ['base', 'control', 'current'],
  ['current', 'control', 'base'],
  ['control', 'current', 'base'],
  ['base', 'current', 'control'],
]

/** Rounds that do not count, since the code is being compiled during the first requests. */
const WARM_UP_ROUNDS = 5

/** Measured rounds, keyed by workload. */
export type Session = Map<string, Round[]>

/**
 * Starts one process of this version and two of the base commit, and measures them for `seconds`, in alternating slices
 * (see slice.ts).
 */
export async function measureSession(
  versions: Versions,
  workloads: readonly Workload[],
  seconds: number,
  name: string,
): Promise<Session> {
  const end = performance.now() + seconds * 1_000
  const running = new Map<Side, Running>()
  const session: Session = new Map(workloads.map((workload) => [workload.name, []]))
  try {
    for (const side of ['current', 'base', 'control'] as const) {
      const server = await startSide(versions, side, join(versions.folder, `${name}-${side}`))
      running.set(side, server)
      for (const workload of workloads) await verify(side, server, workload)
    }
    // at least one round counts
    for (let round = 0; round <= WARM_UP_ROUNDS || performance.now() < end; round++) {
      const order = ORDERS[round % ORDERS.length] ?? []
      for (const workload of workloads) {
        const costs = await measureRound(running, order, workload)
        if (round >= WARM_UP_ROUNDS) session.get(workload.name)?.push(costs)
      }
    }
    return session
  } finally {
    for (const server of running.values()) await server.stop()
  }
}

async function startSide(versions: Versions, side: Side, folder: string): Promise<Running> {
  const version = side === 'current' ? versions.current : versions.base
  mkdirSync(folder)
  copyFileSync(version.database, join(folder, 'api.db'))
  return start(version, folder)
}

async function measureRound(
  running: ReadonlyMap<Side, Running>,
  order: readonly Side[],
  workload: Workload,
): Promise<Round> {
  const round: Round = { current: Number.NaN, base: Number.NaN, control: Number.NaN }
  for (const side of order) {
    const server = running.get(side)
    if (server) round[side] = await measureSlice(server, workload)
  }
  return round
}
