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
import type { Work } from './work.ts'

/** Time after which a server counts as idle. */
const IDLE_MS = 1_000

const ROUND_SECONDS = 1

/** Requests before a server is measured, so that its code is compiled; and the time limit for them. */
const WARM_UP_REQUESTS = 30_000
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
  /** Whether each server is also started once a round, to measure the start time. */
  withStarts: boolean
}

/** Sessions with fresh processes: by chance a process is slower than an equal one. */
export const SESSIONS = 3

/** Measures servers as `measure` does, in several sessions, and returns the medians over these. */
export async function measureInSessions(
  servers: readonly Server[],
  works: readonly Work[],
  rounds: number,
  options: Options,
): Promise<Figures[]> {
  const sessions: Figures[][] = []
  while (sessions.length < SESSIONS) {
    options.log(`session ${sessions.length + 1} of ${SESSIONS}`)
    sessions.push(await measure(servers, works, rounds / SESSIONS, options))
  }
  return servers.map((_server, index) => medianOf(sessions.flatMap((each) => each[index] ?? [])))
}

function medianOf(sessions: Figures[]): Figures {
  const [first] = sessions
  if (!first) throw new Error('no sessions to take the median of')
  const middle = (read: (figures: Figures) => number) => median(sessions.map(read))
  const works = Object.keys(first.works).map((work) => [
    work,
    medianSample(sessions.flatMap((each) => each.works[work] ?? [])),
  ])
  return {
    ...first,
    startTime: middle(({ startTime }) => startTime),
    idle: middle(({ idle }) => idle),
    loaded: middle(({ loaded }) => loaded),
    works: Object.fromEntries(works),
  }
}

function medianSample(samples: Sample[]): Sample {
  const middle = (figure: keyof Sample) => median(samples.map((sample) => sample[figure]))
  return { cpu: middle('cpu'), p50: middle('p50'), p99: middle('p99'), rate: middle('rate') }
}

/**
 * Measures servers in alternating rounds, so that other load on the machine affects all of them. The
 * first round is not counted: it measures the compiler.
 */
export async function measure(
  servers: readonly Server[],
  works: readonly Work[],
  rounds: number,
  { log, withStarts }: Options,
): Promise<Figures[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  const subjects: Subject[] = []
  try {
    await seed(join(folder, DATABASE))
    for (const server of servers) subjects.push(await prepare(server, folder))
    await sleep(IDLE_MS)
    for (const subject of subjects) subject.idle = subject.running.residentSize()
    for (let round = 0; round <= rounds; round++) {
      log(round === 0 ? 'warming up' : `round ${round} of ${rounds}`)
      for (const work of works) {
        for (const subject of subjects) await measureWork(subject, work, round === 0)
      }
      if (withStarts && round > 0) for (const subject of subjects) await restart(subject)
    }
    return subjects.map(figuresOf)
  } finally {
    for (const { running } of subjects) await running.stop()
    rmSync(folder, { recursive: true })
  }
}

/** Starts a server on its own copy of the database, after a first start that fills the compile cache. */
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

async function measureWork({ server, running, samples }: Subject, work: Work, isFirst: boolean) {
  if (work.only && !work.only.includes(server.name)) return
  if (isFirst) {
    await verify(server.name, running, work)
    await warmUp(running, work)
    return
  }
  const sample = await load(running, work, ROUND_SECONDS)
  samples.set(work.name, [...(samples.get(work.name) ?? []), sample])
}

async function warmUp(running: Running, work: Work) {
  let answered = 0
  for (let second = 0; second < WARM_UP_LIMIT_SECONDS && answered < WARM_UP_REQUESTS; second++) {
    answered += (await load(running, work, ROUND_SECONDS)).rate
  }
}

/** Starts and stops another process of the server, to measure the start time. */
async function restart({ server, folder, startTimes }: Subject) {
  const running = await start(server, forStarts(folder))
  startTimes.push(running.startTime)
  await running.stop()
}

function figuresOf({ server, running, startTimes, idle, samples }: Subject): Figures {
  const { name, title } = server
  const works = [...samples].map(([work, all]) => [work, medianSample(all)])
  return {
    name,
    title,
    startTime: median(startTimes),
    idle,
    loaded: running.residentSize(),
    works: Object.fromEntries(works),
  }
}
