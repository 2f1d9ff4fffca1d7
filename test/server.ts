/** Starts the service in a process of its own, as `npm start` does. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import type { Test } from 'tap'
import { UNLIMITED } from './app.ts'
import { freePort } from './free-port.ts'

/** Entry point of the service. */
export const START = join(import.meta.dirname, '../src/start.js')

/** Node option that makes the service throw an uncaught error on SIGWINCH. */
export const THROWING = `--import=data:text/javascript,${encodeURIComponent(
  "process.on('SIGWINCH', () => setTimeout(() => { throw new Error('a bug') }))",
)}`

/** Node option that blocks the event loop of the service for ever on SIGWINCH. */
export const LOOPING = `--import=data:text/javascript,${encodeURIComponent(
  "process.on('SIGWINCH', () => { for (;;); })",
)}`

/** Node option that makes the service treat standard output as a terminal. */
export const ON_TERMINAL = `--import=data:text/javascript,${encodeURIComponent('process.stdout.isTTY = true')}`

/** Time limit for the service to stop at the end of a test. */
const STOP_TIMEOUT_MS = 5_000

/** Node option that makes the service load its modules from the files of bundle.ts, as the tests do. */
const PRELOAD = `--import=${pathToFileURL(join(import.meta.dirname, 'packages/preload.js'))}`

/** Environment that speeds up repeated starts. Modules are compiled only once, and coverage is not collected. */
export const FAST_START = {
  NODE_COMPILE_CACHE: join(tmpdir(), 'restful-web-api-tests'),
  NODE_OPTIONS: '',
}

/**
 * Returns the environment of a service. Only a service with FAST_START uses the compile cache, because the cache makes
 * coverage less exact.
 */
function environmentOf(environment: Record<string, string>) {
  const { NODE_DISABLE_COMPILE_CACHE, ...inherited } = process.env
  const isFast = environment.NODE_COMPILE_CACHE !== undefined
  return { ...(isFast ? inherited : process.env), ...UNLIMITED, ...environment }
}

/** A process that runs the service. */
export interface Server {
  url: string
  /** Lines of standard output so far. */
  lines: string[]
  isRunning(): boolean
  /** Sends a signal, and does not wait. */
  signal(signal: NodeJS.Signals): void
  /** Sends a signal, which is SIGTERM by default, and returns the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** Starts the service on a free port, and stops it when the test ends. */
export function startServer(
  t: Test,
  environment: Record<string, string> = {},
  directory = t.testdir(),
  ...options: string[]
): Promise<Server> {
  return startProcess(t, [PRELOAD, ...options, START], environment, directory)
}

/** Starts Node, or another program, with these arguments and a free port, and stops it when the test ends. */
export async function startProcess(
  t: Test,
  args: string[],
  environment: Record<string, string> = {},
  directory = t.testdir(),
  program = process.execPath,
): Promise<Server> {
  const child = spawn(program, args, {
    cwd: directory,
    env: environmentOf({ PORT: '0', ...environment }),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(child, 'exit')
  async function stop(signal: NodeJS.Signals = 'SIGTERM') {
    child.kill(signal)
    const [code] = await exit
    return code
  }
  t.teardown(async () => {
    // A process that does not stop would keep the files of the test open.
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
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
  const signal = (name: NodeJS.Signals) => void child.kill(name)
  return { url, lines, isRunning, signal, stop }
}

/** A service whose standard output is not read. */
export interface SilentServer {
  url: string
  child: ChildProcess
  /** Lines of standard error so far. */
  errors: string[]
  /** Sends SIGTERM, and returns the exit code. */
  stop(): Promise<number | null>
}

/** Starts the service with the given standard output, and waits until it responds. */
export async function startSilent(
  t: Test,
  stdout: number | 'pipe' | 'ignore',
  environment: Record<string, string> = {},
  ...options: string[]
): Promise<SilentServer> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = spawn(process.execPath, [PRELOAD, ...options, START], {
    cwd: t.testdir(),
    env: environmentOf({ ...FAST_START, PORT: String(port), ...environment }),
    stdio: ['ignore', stdout, 'pipe'],
  })
  const errors: string[] = []
  // Standard error is a pipe. Its type includes null because of other stdio options.
  if (child.stderr) createInterface({ input: child.stderr }).on('line', (line) => errors.push(line))
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
  return { url, child, errors, stop }
}
