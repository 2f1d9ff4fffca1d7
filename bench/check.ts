/**
 * Compares this checkout with its base commit, on the same machine at the same time. Fails if this checkout takes more CPU
 * time per request, and measurement noise does not explain the difference.
 */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describeCommit, findBaseCommit } from './base-commit.ts'
import { ALL, combine, decide, findFailures, type Round, type Verdicts } from './decision.ts'
import { ROOT } from './deployed.ts'
import { LOAD_CORE } from './process.ts'
import { profile } from './profile.ts'
import { measureSession, type Session } from './sessions.ts'
import { compare } from './shares.ts'
import { prepareVersions, type Versions } from './versions.ts'
import { choose, WORKLOADS, type Workload } from './workloads.ts'

/** Workloads that need no route of `service.ts`, since the bundle of the base commit lacks these routes. */
const CHECKED = ['json', 'row', 'page', '404', 'auth', 'create64']

/** Requests per slice, for workloads whose requests take longer than those of other workloads. */
const SLICES: Record<string, number> = { page: 500, create64: 200 }

/** First measurement. Each session has new processes, since two processes of the same code may by chance differ in speed. */
const FIRST = { sessions: 3, seconds: 45 }
/** Second measurement, of workloads that failed in the first. */
const AGAIN = { sessions: 2, seconds: 40 }

/** Name and title of the workload `create64` in a check, without the number, since a check does not use 64 connections. */
const CREATE = { name: 'create', title: 'row written by POST' }

/** Workloads that `--check` measures. */
export const CHECKED_WORKLOADS: readonly Workload[] = choose(WORKLOADS, CHECKED).map((workload) => {
  const slice = SLICES[workload.name]
  return {
    ...workload,
    ...(slice !== undefined && { slice }),
    ...(workload.name === 'create64' && CREATE),
  }
})

/** Prints the figures, and returns true if this version is not slower than the base commit. */
export async function check(workloads: readonly Workload[], revision?: string): Promise<boolean> {
  const begin = performance.now()
  const { commit, reason } = findBaseCommit(ROOT, revision)
  console.log(`base commit: ${describeCommit(ROOT, commit)} (${reason})`)
  const create = CHECKED_WORKLOADS.find(({ name }) => name === CREATE.name)
  if (!create) throw new Error('CHECKED has no workload that creates rows: add create64')
  prepareProcess()
  const versions = await prepareVersions(commit, create, console.error)
  try {
    const verdicts = await measure(versions, workloads, FIRST)
    print(verdicts)
    if (findFailures(verdicts).length > 0) await measureAgain(versions, workloads, verdicts)
    const isPassed = report(verdicts)
    for (const workload of workloads) await showCause(versions, workload, verdicts)
    return isPassed
  } finally {
    versions.remove()
    console.log(`took ${((performance.now() - begin) / 1_000).toFixed(0)} s`)
  }
}

/**
 * Pins this process, which sends the requests, to LOAD_CORE. If permitted (as root), gives real-time priority to this
 * process and to the servers that it starts, because other processes cause most of the noise. A nice value would not
 * suffice: it only applies within a login session, and Linux first divides the processor between login sessions
 * (autogroup, sched(7)).
 */
function prepareProcess() {
  const pid = String(process.pid)
  execFileSync('taskset', ['-a', '-p', '-c', LOAD_CORE, pid], { stdio: 'ignore' })
  try {
    execFileSync('chrt', ['-a', '-r', '-p', '1', pid], { stdio: 'ignore' })
  } catch {
    console.error('no permission for real-time priority, so other processes add noise: run as root')
  }
}

async function measure(
  versions: Versions,
  workloads: readonly Workload[],
  { sessions, seconds }: typeof FIRST,
): Promise<Verdicts> {
  const measured: Session[] = []
  while (measured.length < sessions) {
    console.error(`session ${measured.length + 1} of ${sessions}, ${seconds} s`)
    const name = `${workloads.length}-${sessions}-${measured.length}`
    measured.push(await measureSession(versions, workloads, seconds, name))
  }
  const verdicts = workloads.map(
    ({ name }) => [name, decide(measured.map((session) => session.get(name) ?? []))] as const,
  )
  if (workloads.length === 1) return new Map(verdicts)
  return new Map([...verdicts, [ALL, decide(measured.map(combineWorkloads))]])
}

/** Combines the first rounds of all workloads into one round, then the second rounds, and so on. */
function combineWorkloads(session: Session): Round[] {
  const [first = [], ...others] = session.values()
  return first.map((round, index) =>
    combine([round, ...others.flatMap((rounds) => rounds[index] ?? [])]),
  )
}

/** Repeats the measurement of the failed workloads with new processes, and replaces their verdicts. */
async function measureAgain(
  versions: Versions,
  workloads: readonly Workload[],
  verdicts: Verdicts,
) {
  const names = findFailures(verdicts)
  console.log(
    `slower or too noisy, so measured a second time with new processes: ${names.join(', ')}`,
  )
  const again = names.includes(ALL)
    ? workloads
    : workloads.filter(({ name }) => names.includes(name))
  const second = await measure(versions, again, AGAIN)
  print(second)
  for (const name of names) {
    const verdict = second.get(name)
    if (verdict) verdicts.set(name, verdict)
  }
}

function print(verdicts: Verdicts) {
  const columns = ['this, µs', 'base, µs', 'base/this', 'control', 'minimum', 'verdict']
  const line = (name: string, cells: string[]) =>
    console.log(name.padEnd(14) + cells.map((cell) => cell.padStart(10)).join(''))
  line('', columns)
  for (const [name, { current, base, ratio, control, allowed, outcome }] of verdicts) {
    const costs = [current, base].map((cost) => cost.toFixed(1))
    const ratios = [ratio, control, 1 - allowed].map((each) => each.toFixed(3))
    line(name, [...costs, ...ratios, outcome])
  }
}

/** Prints a line for each verdict that fails the check, and returns true if none does. */
function report(verdicts: Verdicts): boolean {
  const failures = findFailures(verdicts)
  for (const name of failures) {
    const { ratio = Number.NaN, allowed = Number.NaN, outcome } = verdicts.get(name) ?? {}
    console.error(
      outcome === 'slower'
        ? `${name}: slower than the base commit; the ratio base/this is ${ratio.toFixed(3)}, but must be at least ${(1 - allowed).toFixed(3)}`
        : `${name}: too noisy to decide; two processes of the base commit differ by ${allowed.toFixed(3)}. Try again on a less busy machine`,
    )
  }
  if (failures.length === 0) console.log('not slower than the base commit')
  return failures.length === 0
}

/** Number of plugins and modules that are shown for a slower workload. */
const SHOWN = 8

/** Prints which plugins take more time than in the base commit, if the workload is slower. */
async function showCause(versions: Versions, workload: Workload, verdicts: Verdicts) {
  const verdict = verdicts.get(workload.name)
  if (verdict?.outcome !== 'slower') return
  const folder = join(versions.folder, `profile-${workload.name}`)
  const current = await profile(versions.current, workload, join(folder, 'current'))
  const base = await profile(versions.base, workload, join(folder, 'base'))
  const differences = compare(
    { cost: verdict.current, shares: current },
    { cost: verdict.base, shares: base },
  )
  console.log(`${workload.name}: where the time differs most, in µs per request`)
  for (const { name, current, base } of differences.slice(0, SHOWN)) {
    const cells = [current, base, current - base].map((cost) => cost.toFixed(1).padStart(10))
    console.log(name.padEnd(40) + cells.join(''))
  }
}
