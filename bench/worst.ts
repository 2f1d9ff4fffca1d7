/**
 * Prints the ten requests that take the most CPU time of the service, from a table of requests within the default limits:
 * `node bench/worst.ts [TITLE]`. With TITLE, measures only the requests whose title contains it.
 *
 * The figures are the CPU time of all threads of the service per request, and of the thread of the event loop: the
 * medians of several requests, one at a time.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { median } from '../test/reliability/median.ts'
import { CANDIDATES, type Candidate, LONG_MESSAGE } from './candidates.ts'
import { start } from './process.ts'

const SHOWN = 10
/** Messages of 1 MiB in the database, as many as a page of a list can show. */
const LONG_MESSAGES = 100

/** Requests of each candidate. The first ones do not count, since the code is being compiled. */
const WARM_UP_REQUESTS = 2
const REQUESTS = 7

/** Time after which the service has written its log and removed garbage. */
const SETTLE_MS = 30

const [, , filter = ''] = process.argv
const folder = mkdtempSync(join(tmpdir(), 'worst-'))
const service = await start(
  {
    command: [process.execPath, join(import.meta.dirname, '../src/start.js')],
    // Without the limits per minute, which most of the requests would exceed.
    environment: (port, folder) => ({
      PORT: String(port),
      RATE_LIMIT: '0',
      AUTH_FAILURE_LIMIT: '0',
      DATABASE_URL: `sqlite:${join(folder, 'api.db')}`,
      LOG_FILE: join(folder, 'api.log'),
    }),
  },
  folder,
)

/** Sends a request, and returns the status and the CPU times, in milliseconds. */
async function send({ path, headers, ...init }: Candidate, index: number) {
  const before = service.cpuTime()
  const loopBefore = service.eventLoopTime()
  const response = await fetch(service.url + path, { ...init, headers: headers(index) })
  await response.arrayBuffer()
  await sleep(SETTLE_MS)
  return {
    status: response.status,
    cpu: (service.cpuTime() - before) / 1_000,
    eventLoop: (service.eventLoopTime() - loopBefore) / 1_000,
  }
}

async function measure(candidate: Candidate) {
  const outcomes = []
  for (let index = 0; index < WARM_UP_REQUESTS + REQUESTS; index++) {
    outcomes.push(await send(candidate, index))
  }
  const counted = outcomes.slice(WARM_UP_REQUESTS)
  return {
    title: candidate.title,
    status: Number(counted[0]?.status),
    cpu: median(counted.map((outcome) => outcome.cpu)),
    eventLoop: median(counted.map((outcome) => outcome.eventLoop)),
  }
}

try {
  for (let index = 0; index < LONG_MESSAGES; index++) await send(LONG_MESSAGE, index)
  const figures = []
  for (const candidate of CANDIDATES.filter(({ title }) => title.includes(filter))) {
    figures.push(await measure(candidate))
  }
  const worst = figures.toSorted((a, b) => b.cpu - a.cpu).slice(0, SHOWN)
  console.log(
    '| request | status | CPU time, ms | of which event loop, ms |\n| --- | --: | --: | --: |',
  )
  for (const { title, status, cpu, eventLoop } of worst) {
    console.log(`| ${title} | ${status} | ${cpu.toFixed(0)} | ${eventLoop.toFixed(0)} |`)
  }
} finally {
  await service.stop()
  rmSync(folder, { recursive: true })
}
