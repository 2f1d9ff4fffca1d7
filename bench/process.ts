import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../test/free-port.ts'

/** The server and the load generator run on different cores, so that neither slows the other. */
const SERVER_CORE = '0'
export const LOAD_CORE = '1'

/** Time within which a server must respond for the first time. */
const START_LIMIT_MS = 20_000

/** A command that starts a server. */
export interface Command {
  command: readonly string[]
  /** Processors to run on; by default SERVER_CORE. */
  processors?: string
  /** Working directory; by default that of this process. The service reads a file `.env` there. */
  directory?: string
  /** Returns the environment variables, given the port and a folder that only this server uses. */
  environment: (port: number, folder: string) => Record<string, string>
}

/** A running server. */
export interface Running {
  url: string
  /** Time from the start to the first response, in milliseconds. */
  startTime: number
  /** Returns the CPU time that the processes of the server have taken so far, in microseconds. */
  cpuTime(): number
  /** Returns the CPU time that the main thread of the server, which runs the event loop, has taken so far, in microseconds. */
  eventLoopTime(): number
  /** Returns the resident memory of the processes of the server, in MiB. */
  residentSize(): number
  stop(): Promise<void>
}

/**
 * Starts a server and waits for the first response, which may have any status.
 *
 * @param folder is created for the server. The file `output` in this folder gets the standard output of the server.
 * @throws {Error} if the server exits, or does not respond within START_LIMIT_MS.
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
      // The service has a compile cache, so the other servers also get one. Otherwise start times would not be comparable.
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
  const pid = Number(child.pid) // defined, since the server is running
  return {
    url,
    startTime,
    cpuTime: () => sum(processesOf(pid).map(cpuTimeOf)),
    eventLoopTime: () => threadTimeOf(pid, pid),
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
      if (performance.now() > end)
        throw new Error(`${child.spawnargs.join(' ')} did not respond within ${START_LIMIT_MS} ms`)
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

/** Returns the CPU time that all processes with a name, such as `postgres`, have taken so far, in microseconds. */
export function cpuTimeOfAll(name: string): number {
  const pids = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry) && nameOf(entry) === name)
  return sum(pids.map(Number).map(cpuTimeOf))
}

/** Returns the name of a process; undefined if it has ended. */
function nameOf(pid: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
  } catch {
    return undefined
  }
}

/** Returns the CPU time of all threads of a process, in microseconds. */
function cpuTimeOf(pid: number): number {
  return sum(readdirSync(`/proc/${pid}/task`).map((thread) => threadTimeOf(pid, thread)))
}

/**
 * Returns the CPU time of a thread, in microseconds. The first figure of `schedstat` is nanoseconds
 * (docs.kernel.org/scheduler/sched-stats.html).
 */
function threadTimeOf(pid: number, thread: number | string): number {
  const [time] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')
  return Number(time) / 1_000
}

function residentSizeOf(pid: number): number {
  const [, size] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(size) / 1_024
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
