import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../test/free-port.ts'

/** Servers and load generator have a core each, so that neither slows the other. */
const SERVER_CORE = '0'
export const LOAD_CORE = '1'

/** Time within which a server must respond for the first time. */
const START_LIMIT_MS = 20_000

/** A command that starts a server. */
export interface Command {
  command: readonly string[]
  /** Processors to run on, if not the servers' own core. */
  processors?: string
  /** Working directory, if it is not this process's own; a `.env` there is read by the service. */
  directory?: string
  /** Returns the environment variables, given the port and a folder of the server's own. */
  environment: (port: number, folder: string) => Record<string, string>
}

/** A running server. */
export interface Running {
  url: string
  /** From its start to its first response, in milliseconds. */
  startTime: number
  /** Returns the CPU time of its processes so far, in microseconds. */
  cpuTime(): number
  /** Returns the resident memory of its processes, in MiB. */
  residentSize(): number
  stop(): Promise<void>
}

/**
 * Starts a server and waits for its first response, of any status.
 *
 * @param folder is created for it, and receives its standard output as a file.
 * @throws {Error} if it exits, or does not respond in time.
 */
export async function start(
  { command, processors = SERVER_CORE, directory, environment }: Command,
  folder: string,
): Promise<Running> {
  mkdirSync(folder, { recursive: true })
  const port = await freePort()
  const output = openSync(join(folder, 'output'), 'a')
  const begin = performance.now()
  const child = spawn('taskset', ['--cpu-list', processors, ...command], {
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      // the service has a compile cache; without one, the start times of the others do not compare
      NODE_COMPILE_CACHE: join(folder, 'compiled'),
      ...environment(port, folder),
    },
    cwd: directory,
    stdio: ['ignore', output, 'inherit'],
  })
  closeSync(output)
  const exit = once(child, 'exit')
  const kill = () => void child.kill()
  process.once('exit', kill)
  const url = `http://127.0.0.1:${port}`
  await firstResponse(url, child)
  const startTime = performance.now() - begin
  const pid = Number(child.pid) // it is running
  return {
    url,
    startTime,
    cpuTime: () => sum(processesOf(pid).map(cpuTimeOf)),
    residentSize: () => sum(processesOf(pid).map(residentSizeOf)),
    async stop() {
      kill()
      await exit
      process.off('exit', kill)
    },
  }
}

async function firstResponse(url: string, child: ChildProcess) {
  const end = performance.now() + START_LIMIT_MS
  for (;;) {
    try {
      const reply = await fetch(url)
      await reply.arrayBuffer()
      return
    } catch {
      if (child.exitCode !== null)
        throw new Error(`${child.spawnargs.join(' ')} exited before its first response`)
      if (performance.now() > end) throw new Error(`${child.spawnargs.join(' ')} did not respond`)
      await sleep(1)
    }
  }
}

/** Returns the ids of a process and its descendants. */
function processesOf(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
  )
  return [pid, ...children.map(Number).flatMap(processesOf)]
}

/** Adds up all threads: the first figure is nanoseconds of CPU time (docs.kernel.org/scheduler/sched-stats.html). */
function cpuTimeOf(pid: number): number {
  const times = readdirSync(`/proc/${pid}/task`).map((task) =>
    Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]),
  )
  return sum(times) / 1_000
}

function residentSizeOf(pid: number): number {
  const [, size] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(size) / 1_024
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
