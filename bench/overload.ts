/**
 * Measures the goodput (successes per second) under twice the maximum throughput: `node bench/overload.ts [ROUNDS]`.
 *
 * Each round measures the maximum throughput with 64 clients in a closed loop. Then it sends twice as many requests per
 * second over 1,000 connections in an open loop. Then it measures the maximum again, since the maximum changes on a
 * shared machine. One request in ten creates an article, the others read an article. The database is SQLite, and the
 * log is a file.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Outcome } from '../test/reliability/load-generator.ts'
import { median } from '../test/reliability/median.ts'
import { offer } from '../test/reliability/offer.ts'
import { LOAD_CORE, start } from './process.ts'

const ROUNDS = Number(process.argv[2] ?? 5)
const SECONDS = 4
const LOAD = ['taskset', '--cpu-list', LOAD_CORE, process.execPath]

const folder = mkdtempSync(join(tmpdir(), 'overload-'))
const service = await start(
  {
    command: [process.execPath, join(import.meta.dirname, '../src/start.js')],
    environment: (port, folder) => ({
      PORT: String(port),
      RATE_LIMIT: '0',
      MAX_CONNECTIONS_PER_NETWORK: '2000',
      DATABASE_URL: `sqlite:${join(folder, 'api.db')}`,
      LOG_FILE: join(folder, 'api.log'),
    }),
  },
  folder,
)
const port = Number(new URL(service.url).port)

/** Sends load, and returns the outcome and the share of one core that the service used, from 0 to 1. */
async function measure(connections: number, rate?: number) {
  const before = service.cpuTime()
  const order = {
    port,
    collection: '/articles',
    seconds: SECONDS,
    connections,
    ...(rate && { rate }),
  }
  const outcome = await offer(order, LOAD)
  return { outcome, share: (service.cpuTime() - before) / (SECONDS * 1e6) }
}

function describe({ outcome, share }: { outcome: Outcome; share: number }): string {
  const { goodput, statuses, timedOut, lost, unsent, took, probes, busy, late } = outcome
  return [
    `${goodput.toFixed(0)}/s`,
    JSON.stringify(statuses),
    `timed out ${timedOut}, lost ${lost}, unsent ${unsent}`,
    `took ${took.map((each) => each.toFixed(0)).join('/')} ms`,
    `probes ${probes.took.map((each) => each.toFixed(0)).join('/')} ms of ${probes.asked}, ${probes.failed} failed`,
    `service ${share.toFixed(2)}, load ${busy.toFixed(2)}, late ${late.toFixed(1)} ms`,
  ].join('; ')
}

const ratios: number[] = []
try {
  await measure(64) // warm-up
  let peak = await measure(64)
  for (let round = 1; round <= ROUNDS; round++) {
    const before = peak
    const over = await measure(1_000, 2 * before.outcome.goodput)
    peak = await measure(64)
    ratios.push((2 * over.outcome.goodput) / (before.outcome.goodput + peak.outcome.goodput))
    console.log(`peak      ${describe(before)}`)
    console.log(`offered 2 ${describe(over)}; ratio ${ratios.at(-1)?.toFixed(2)}`)
  }
  const sorted = ratios.toSorted((a, b) => a - b)
  console.log(
    `median ${median(ratios).toFixed(2)} of ${sorted.map((each) => each.toFixed(2)).join(' ')}`,
  )
} finally {
  await service.stop()
  rmSync(folder, { recursive: true })
}
