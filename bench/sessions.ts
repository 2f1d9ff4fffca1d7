import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Round } from './decision.ts'
import { verify } from './load.ts'
import { type Running, start } from './process.ts'
import { measureSlice } from './slice.ts'
import type { Versions } from './versions.ts'
import type { Work } from './work.ts'

type Side = keyof Round

/** All orders of the three processes, used in turn: none is always measured after the same other. */
const ORDERS: readonly (readonly Side[])[] = [
  ['current', 'base', 'control'],
  ['control', 'base', 'current'],
  ['base', 'control', 'current'],
  ['current', 'control', 'base'],
  ['control', 'current', 'base'],
  ['base', 'current', 'control'],
]

/** Rounds that are not counted: the first requests measure the compiler. */
const WARM_UP_ROUNDS = 5

/** Rounds by work. */
export type Session = Map<string, Round[]>

/**
 * Starts three processes, this version and two of the base commit, and measures them in slices that
 * alternate, for a number of seconds.
 */
export async function measureSession(
  versions: Versions,
  works: readonly Work[],
  seconds: number,
  name: string,
): Promise<Session> {
  const end = performance.now() + seconds * 1_000
  const running = new Map<Side, Running>()
  const session: Session = new Map(works.map((work) => [work.name, []]))
  try {
    for (const side of ['current', 'base', 'control'] as const) {
      const server = await startSide(versions, side, join(versions.folder, `${name}-${side}`))
      running.set(side, server)
      for (const work of works) await verify(side, server, work)
    }
    // at least one counts
    for (let round = 0; round <= WARM_UP_ROUNDS || performance.now() < end; round++) {
      const order = ORDERS[round % ORDERS.length] ?? []
      for (const work of works) {
        const costs = await measureRound(running, order, work)
        if (round >= WARM_UP_ROUNDS) session.get(work.name)?.push(costs)
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
  work: Work,
): Promise<Round> {
  const round: Round = { current: Number.NaN, base: Number.NaN, control: Number.NaN }
  for (const side of order) {
    const server = running.get(side)
    if (server) round[side] = await measureSlice(server, work)
  }
  return round
}
