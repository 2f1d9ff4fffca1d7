/** Programs that a test runs in processes of their own, such as proxies. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { SEARCH_PATH } from './requirement.ts'

/** Environment variables with a PATH that includes the programs of administrators. */
export const env = { PATH: SEARCH_PATH }

/** Starts a program, and returns its URL when it listens on the port. Stops the program when the test ends. */
export async function startProgram(
  t: Test,
  program: string,
  args: string[],
  port: number,
  environment: NodeJS.ProcessEnv = {},
): Promise<string> {
  const child = spawn(program, args, {
    env: { ...process.env, ...env, ...environment },
    stdio: 'ignore',
  })
  t.teardown(() => endProgram(child))
  while (!(await isListening(port))) {
    if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}`)
    await sleep(20)
  }
  return `http://127.0.0.1:${port}`
}

/** Sends a signal to a program, unless it has ended, and waits until it ends. */
export async function endProgram(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM') {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill(signal)
  await once(child, 'exit')
}

/**
 * Waits until a program writes a line with this text.
 *
 * @throws {Error} with the lines before, if the program ends
 */
export async function waitForLine(child: ChildProcess, output: Readable, text: string) {
  const lines: string[] = []
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: output }).on('line', (line) => {
      lines.push(line)
      if (line.includes(text)) resolve()
    })
    child.once('exit', () =>
      reject(new Error(`${child.spawnfile} did not start: ${lines.join('\n')}`)),
    )
  })
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => socket.end(() => resolve(true))).on('error', () => resolve(false))
  })
}
