import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { UNLIMITED } from './app.ts'
import { freePort } from './free-port.ts'

/** What `npm start` runs. */
export const START = join(import.meta.dirname, '../src/start.js')

/** Has the service throw, at SIGUSR2, what nobody catches. */
export const THROWING = `--import=data:text/javascript,${encodeURIComponent(
  "process.on('SIGUSR2', () => setTimeout(() => { throw new Error('a bug') }))",
)}`

/** Has the service take its standard output for a terminal. */
export const ON_TERMINAL = `--import=data:text/javascript,${encodeURIComponent('process.stdout.isTTY = true')}`

/** How long a service may take to end with its test, in milliseconds. */
const PATIENCE = 5_000

/**
 * Has a service start fast that is started over and over: what it loads is compiled once, and not
 * looked at for coverage.
 */
export const FAST_START = {
  NODE_COMPILE_CACHE: join(tmpdir(), 'restful-web-api-tests'),
  NODE_OPTIONS: '',
}

/** A process that runs the service, and what it said. */
export interface Server {
  url: string
  /** The lines of standard output so far. */
  lines: string[]
  isRunning(): boolean
  /** Sends a signal and gives the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** Starts the service in a process of its own on a free port, and ends it with the test. */
export function startServer(
  t: Test,
  environment: Record<string, string> = {},
  directory = t.testdir(),
  ...options: string[]
): Promise<Server> {
  return startProcess(t, [...options, START], environment, directory)
}

/** The same, of a service that Node runs with these words. */
export async function startProcess(
  t: Test,
  words: string[],
  environment: Record<string, string> = {},
  directory = t.testdir(),
): Promise<Server> {
  const child = spawn(process.execPath, words, {
    cwd: directory,
    env: { ...process.env, ...UNLIMITED, PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(child, 'exit')
  async function stop(signal: NodeJS.Signals = 'SIGTERM') {
    child.kill(signal)
    const [code] = await exit
    return code
  }
  t.teardown(async () => {
    // what does not end by itself would keep its files, and the disk that they are on
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE)
    await stop()
    clearTimeout(timer)
  })
  const lines: string[] = []
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line)
      const [found] = /http:\/\/[\d.:]+/.exec(line) ?? []
      if (found) resolve(found)
    })
    exit.then(([code]) => reject(new Error(`the service ended with ${code} before it listened`)))
  })
  const isRunning = () => child.exitCode === null && child.signalCode === null
  return { url, lines, isRunning, stop }
}

/** A service whose standard output is not read. */
export interface SilentServer {
  url: string
  child: ChildProcess
  /** Ends it, and gives the exit code. */
  stop(): Promise<number | null>
}

/** Starts the service with this standard output, and waits until it answers. */
export async function startSilent(
  t: Test,
  stdout: number | 'pipe' | 'ignore',
  environment: Record<string, string> = {},
  ...options: string[]
): Promise<SilentServer> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = spawn(process.execPath, [...options, START], {
    cwd: t.testdir(),
    env: { ...process.env, ...UNLIMITED, ...FAST_START, PORT: String(port), ...environment },
    stdio: ['ignore', stdout, 'ignore'],
  })
  const exit = once(child, 'exit')
  t.teardown(() => child.kill('SIGKILL'))
  for (;;) {
    const reply = await fetch(`${url}/health/live`).catch(() => undefined)
    if (reply?.ok) break
    await sleep(20)
  }
  async function stop() {
    child.kill()
    const [code] = await exit
    return code
  }
  return { url, child, stop }
}
