import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { median } from '../test/reliability/median.ts'
import { load, type Sample, verify } from './load.ts'
import { type Running, start } from './process.ts'
import type { Figures } from './results.ts'
import { seed } from './seed.ts'
import { DATABASE, type Server } from './servers.ts'
import type { Workload } from './workloads.ts'

/** Time between the start of the servers and the measurement of their memory when idle. */
const IDLE_MS = 1_000

const ROUND_SECONDS = 1

/** Requests of each workload that a server gets before the measurement, so that its code is compiled. */
const WARM_UP_REQUESTS = 30_000
/** Time after which the warm-up ends, even if it has sent fewer requests than WARM_UP_REQUESTS. */
const WARM_UP_LIMIT_SECONDS = 3

interface Subject {
  server: Server
  folder: string
  running: Running
  startTimes: number[]
  idle: number
  samples: Map<string, Sample[]>
}

interface Options {
  /** Prints progress. */
  log(line: string): void
  /** If true, each round also starts each server once, to measure the start time. */
  withStarts: boolean
}

/** Number of sessions, each with new processes, since two processes of the same code may by chance differ in speed. */
export const SESSIONS = 3

/** Calls `measure` once per session, and returns the medians over all sessions. */
export async function measureInSessions(
  servers: readonly Server[],
  workloads: readonly Workload[],
  rounds: number,
  options: Options,
): Promise<Figures[]> {
  const sessions: Figures[][] = []
  while (sessions.length < SESSIONS) {
    options.log(`session ${sessions.length + 1} of ${SESSIONS}`)
    sessions.push(await measure(servers, workloads, rounds / SESSIONS, options))
  }
  return servers.map((_server, index) => medianOf(sessions.flatMap((each) => each[index] ?? [])))
}

function medianOf(sessions: Figures[]): Figures {
  const [first] = sessions
  if (!first) throw new Error('no sessions to take the median of')
  const middle = (read: (figures: Figures) => number) => median(sessions.map(read))
  const workloads = Object.keys(first.workloads).map((workload) => [
    workload,
    medianSample(sessions.flatMap((each) => each.workloads[workload] ?? [])),
  ])
  return {
    ...first,
    startTime: middle(({ startTime }) => startTime),
    idle: middle(({ idle }) => idle),
    loaded: middle(({ loaded }) => loaded),
    workloads: Object.fromEntries(workloads),
  }
}

function medianSample(samples: Sample[]): Sample {
  const middle = (figure: keyof Sample) => median(samples.map((sample) => sample[figure]))
  return { cpu: middle('cpu'), p50: middle('p50'), p99: middle('p99'), rate: middle('rate') }
}

/**
 * Measures servers in alternating rounds, so that other load on the machine affects all of them. The first round
 * does not count, since the code is being compiled in that round.
 */
export async function measure(
  servers: readonly Server[],
  workloads: readonly Workload[],
  rounds: number,
  { log, withStarts }: Options,
): Promise<Figures[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  const subjects: Subject[] = []
  try {
    await seed(`sqlite:${join(folder, DATABASE)}`)
    for (const server of servers) subjects.push(await prepare(server, folder))
    await sleep(IDLE_MS)
    for (const subject of subjects) subject.idle = subject.running.residentSize()
    for (let round = 0; round <= rounds; round++) {
      log(round === 0 ? 'warming up' : `round ${round} of ${rounds}`)
      for (const workload of workloads) {
        for (const subject of subjects) await measureWorkload(subject, workload, round === 0)
      }
      if (withStarts && round > 0) for (const subject of subjects) await restart(subject)
    }
    return subjects.map(figuresOf)
  } finally {
    for (const { running } of subjects) await running.stop()
    rmSync(folder, { recursive: true })
  }
}

/**
 * Starts a server with a copy of the database. The server was started and stopped once before in each of its folders,
 * to fill the compile cache.
 */
async function prepare(server: Server, base: string): Promise<Subject> {
  const folder = join(base, server.name)
  for (const each of [folder, forStarts(folder)]) {
    mkdirSync(each)
    copyFileSync(join(base, DATABASE), join(each, DATABASE))
    await (await start(server, each)).stop()
  }
  const running = await start(server, folder)
  return { server, folder, running, startTimes: [], idle: 0, samples: new Map() }
}

const forStarts = (folder: string) => `${folder}-starts`

async function measureWorkload(
  { server, running, samples }: Subject,
  workload: Workload,
  isFirst: boolean,
) {
  if (workload.only && !workload.only.includes(server.name)) return
  if (isFirst) {
    await verify(server.name, running, workload)
    await warmUp(running, workload)
    return
  }
  const sample = await load(running, workload, ROUND_SECONDS)
  samples.set(workload.name, [...(samples.get(workload.name) ?? []), sample])
}

async function warmUp(running: Running, workload: Workload) {
  let answered = 0
  for (let second = 0; second < WARM_UP_LIMIT_SECONDS && answered < WARM_UP_REQUESTS; second++) {
    answered += (await load(running, workload, ROUND_SECONDS)).rate
  }
}

/** Measures the start time of a server, by starting and stopping another process of the server. */
async function restart({ server, folder, startTimes }: Subject) {
  const running = await start(server, forStarts(folder))
  startTimes.push(running.startTime)
  await running.stop()
}

function figuresOf({ server, running, startTimes, idle, samples }: Subject): Figures {
  const { name, title } = server
  const workloads = [...samples].map(([workload, all]) => [workload, medianSample(all)])
  return {
    name,
    title,
    startTime: median(startTimes),
    idle,
    loaded: running.residentSize(),
    workloads: Object.fromEntries(workloads),
  }
}
