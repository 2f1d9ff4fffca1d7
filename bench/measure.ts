import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { load, type Sample, verify } from './load.ts'
import { median } from './median.ts'
import { type Running, start } from './process.ts'
import type { Figures } from './results.ts'
import { seed } from './seed.ts'
import { DATABASE, type Server } from './servers.ts'
import type { Work } from './work.ts'

/** How long a server is left alone before it counts as idle, in milliseconds. */
const REST = 1_000

/** In seconds. */
const LENGTH_OF_ROUND = 1

/** How many requests a server answers before it is measured, for its compiler; within so many seconds. */
const WARMING_UP = 30_000
const LONGEST_WARMING_UP = 3

interface Subject {
  server: Server
  folder: string
  running: Running
  startTimes: number[]
  idle: number
  samples: Map<string, Sample[]>
}

interface Options {
  /** Is given a line now and then. */
  tell(line: string): void
  /** Whether each is also started anew in each round, for the time that this takes. */
  withStarts: boolean
}

/** How often servers are started anew: by luck a process is dearer than another of the same. */
export const SITTINGS = 3

/** Measures servers as `measure` does, in several sittings, and gives the medians of these. */
export async function measureInSittings(
  servers: readonly Server[],
  works: readonly Work[],
  rounds: number,
  options: Options,
): Promise<Figures[]> {
  const sittings: Figures[][] = []
  while (sittings.length < SITTINGS) {
    options.tell(`sitting ${sittings.length + 1} of ${SITTINGS}`)
    sittings.push(await measure(servers, works, rounds / SITTINGS, options))
  }
  return servers.map((_server, index) => medianOf(sittings.flatMap((each) => each[index] ?? [])))
}

function medianOf(sittings: Figures[]): Figures {
  const [first] = sittings
  if (!first) throw new Error('there is nothing to take the median of')
  const middle = (read: (figures: Figures) => number) => median(sittings.map(read))
  const works = Object.keys(first.works).map((work) => [
    work,
    medianSample(sittings.flatMap((each) => each.works[work] ?? [])),
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
 * Measures servers in rounds that take turns, so that what else the machine does concerns all of them.
 * One round goes before these: what it measures is the compiler.
 */
export async function measure(
  servers: readonly Server[],
  works: readonly Work[],
  rounds: number,
  { tell, withStarts }: Options,
): Promise<Figures[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  const subjects: Subject[] = []
  try {
    await seed(join(folder, DATABASE))
    for (const server of servers) subjects.push(await prepare(server, folder))
    await sleep(REST)
    for (const subject of subjects) subject.idle = subject.running.residentSize()
    for (let round = 0; round <= rounds; round++) {
      tell(round === 0 ? 'warming up' : `round ${round} of ${rounds}`)
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

/** Starts a server on a copy of the rows of its own, not for the first time: what it compiled then is kept. */
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
  const sample = await load(running, work, LENGTH_OF_ROUND)
  samples.set(work.name, [...(samples.get(work.name) ?? []), sample])
}

async function warmUp(running: Running, work: Work) {
  let answered = 0
  for (let second = 0; second < LONGEST_WARMING_UP && answered < WARMING_UP; second++) {
    answered += (await load(running, work, LENGTH_OF_ROUND)).rate
  }
}

/** Starts another process of the server beside the one that is measured, for the time that this takes. */
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
