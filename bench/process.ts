import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../test/free-port.ts'

/** The processors that the servers and the load run on, so that neither takes the other's time. */
const SERVER_CORE = '0'
export const LOAD_CORE = '1'

/** How long a server may take to answer for the first time, in milliseconds. */
const START_LIMIT = 20_000

/** How a server is started. */
export interface Command {
  command: readonly string[]
  /** Which processors it runs on, where it is not the one of all servers. */
  processors?: string
  /** Working directory, if it is not this process's own; a `.env` there is read by the service. */
  directory?: string
  /** Of the port and a folder of its own. */
  environment: (port: number, folder: string) => Record<string, string>
}

/** A server that runs. */
export interface Running {
  url: string
  /** From its start to its first answer, in milliseconds. */
  startTime: number
  /** The time that its processes have taken of the processor so far, in microseconds. */
  cpuTime(): number
  /** What it holds of memory, in MiB. */
  residentSize(): number
  stop(): Promise<void>
}

/**
 * Starts a server and waits for its first answer, whatever that is.
 *
 * @param folder is made for it; what it writes to standard output goes to a file there.
 * @throws {Error} where it ends, or gives no answer.
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
      // as the service has it, so that starts are alike
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
  await firstAnswer(url, child)
  const startTime = performance.now() - begin
  const pid = Number(child.pid) // it runs
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

async function firstAnswer(url: string, child: ChildProcess) {
  const end = performance.now() + START_LIMIT
  for (;;) {
    try {
      const reply = await fetch(url)
      await reply.arrayBuffer()
      return
    } catch {
      if (child.exitCode !== null) throw new Error(`${child.spawnargs.join(' ')} has ended`)
      if (performance.now() > end) throw new Error(`${child.spawnargs.join(' ')} gives no answer`)
      await sleep(1)
    }
  }
}

/** A process and all that it has started. */
function processesOf(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
  )
  return [pid, ...children.map(Number).flatMap(processesOf)]
}

/** Of all threads: the first figure is nanoseconds on a processor (docs.kernel.org/scheduler/sched-stats.html). */
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
