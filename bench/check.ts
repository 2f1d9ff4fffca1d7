/**
 * Compares this checkout with its base commit, on the same machine in the same minutes, and fails if it
 * takes more CPU time per request than the noise of the measurement explains.
 */
import { execFileSync } from 'node:child_process'
import { describeCommit, findBaseCommit } from './base-commit.ts'
import { ALL, combine, decide, findFailures, type Round, type Verdicts } from './decision.ts'
import { ROOT } from './deployed.ts'
import { LOAD_CORE } from './process.ts'
import { measureSession, type Session } from './sessions.ts'
import { prepareVersions, type Versions } from './versions.ts'
import { choose, WORKS, type Work } from './work.ts'

/** Only routes of the service itself, since the base commit has no others. */
const CHECKED = ['json', 'row', 'page', '404', 'auth', 'create64']

/** Requests of a slice of the works that take longer than the others. */
const SLICES: Record<string, number> = { page: 500, create64: 200 }

/** Fresh processes each, since one process is slower than an equal one by chance. */
const FIRST = { sessions: 3, seconds: 45 }
const AGAIN = { sessions: 2, seconds: 40 }

/** Adds rows; its name elsewhere has the number of its connections, which is another here. */
const CREATE = { name: 'create', title: 'row written by POST' }

/** Works that `--check` measures. */
export const CHECKED_WORKS: readonly Work[] = choose(WORKS, CHECKED).map((work) => {
  const slice = SLICES[work.name]
  return {
    ...work,
    ...(slice !== undefined && { slice }),
    ...(work.name === 'create64' && CREATE),
  }
})

/** Returns whether this version is as fast as the base commit, and prints why. */
export async function check(works: readonly Work[], revision?: string): Promise<boolean> {
  const begin = performance.now()
  const { commit, reason } = findBaseCommit(ROOT, revision)
  console.log(`base commit: ${describeCommit(ROOT, commit)} (${reason})`)
  const create = CHECKED_WORKS.find(({ name }) => name === CREATE.name)
  if (!create) throw new Error('the works of --check have none that creates rows')
  prepareProcess()
  const versions = await prepareVersions(commit, create, console.error)
  try {
    const verdicts = await measure(versions, works, FIRST)
    print(verdicts)
    if (findFailures(verdicts).length > 0) await measureAgain(versions, works, verdicts)
    return report(verdicts)
  } finally {
    versions.remove()
    console.log(`took ${((performance.now() - begin) / 1_000).toFixed(0)} s`)
  }
}

/**
 * Pins this process, which sends the requests, to its core. It and the servers that it starts run before
 * all other processes, if that is permitted (as root): their noise is the largest. A nice value would not
 * do, since Linux shares the processor between sessions first (autogroup, sched(7)).
 */
function prepareProcess() {
  const pid = String(process.pid)
  execFileSync('taskset', ['-a', '-p', '-c', LOAD_CORE, pid], { stdio: 'ignore' })
  try {
    execFileSync('chrt', ['-a', '-r', '-p', '1', pid], { stdio: 'ignore' })
  } catch {
    console.error('real-time priority is not permitted: other processes add noise')
  }
}

async function measure(
  versions: Versions,
  works: readonly Work[],
  { sessions, seconds }: typeof FIRST,
): Promise<Verdicts> {
  const measured: Session[] = []
  while (measured.length < sessions) {
    console.error(`session ${measured.length + 1} of ${sessions}, ${seconds} s`)
    const name = `${works.length}-${sessions}-${measured.length}`
    measured.push(await measureSession(versions, works, seconds, name))
  }
  const verdicts = works.map(
    ({ name }) => [name, decide(measured.map((session) => session.get(name) ?? []))] as const,
  )
  if (works.length === 1) return new Map(verdicts)
  return new Map([...verdicts, [ALL, decide(measured.map(combineWorks))]])
}

/** Returns one round for each round of all works. */
function combineWorks(session: Session): Round[] {
  const [first = [], ...others] = session.values()
  return first.map((round, index) =>
    combine([round, ...others.flatMap((rounds) => rounds[index] ?? [])]),
  )
}

/** Measures works that failed with fresh processes, and replaces their verdicts. */
async function measureAgain(versions: Versions, works: readonly Work[], verdicts: Verdicts) {
  const names = findFailures(verdicts)
  console.log(`measured again with fresh processes before it counts: ${names.join(', ')}`)
  const again = names.includes(ALL) ? works : works.filter(({ name }) => names.includes(name))
  const second = await measure(versions, again, AGAIN)
  print(second)
  for (const name of names) {
    const verdict = second.get(name)
    if (verdict) verdicts.set(name, verdict)
  }
}

function print(verdicts: Verdicts) {
  const columns = ['this, µs', 'base, µs', 'ratio', 'control', 'least', 'verdict']
  const line = (name: string, cells: string[]) =>
    console.log(name.padEnd(10) + cells.map((cell) => cell.padStart(10)).join(''))
  line('', columns)
  for (const [name, { current, base, ratio, control, allowed, outcome }] of verdicts) {
    const costs = [current, base].map((cost) => cost.toFixed(1))
    const ratios = [ratio, control, 1 - allowed].map((each) => each.toFixed(3))
    line(name, [...costs, ...ratios, outcome])
  }
}

/** Prints a line for each failure, and returns whether there is none. */
function report(verdicts: Verdicts): boolean {
  const failures = findFailures(verdicts)
  for (const name of failures) {
    const { ratio = Number.NaN, allowed = Number.NaN, outcome } = verdicts.get(name) ?? {}
    console.error(
      outcome === 'slower'
        ? `${name} is slower than the base commit: ratio ${ratio.toFixed(3)}, at least ${(1 - allowed).toFixed(3)} is allowed`
        : `${name} cannot be decided on this machine: two equal processes differ by ${allowed.toFixed(3)}`,
    )
  }
  if (failures.length === 0) console.log('not slower than the base commit')
  return failures.length === 0
}
