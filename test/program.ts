/** Programs that a test runs in processes of their own, such as proxies. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
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
  t.teardown(async () => {
    child.kill()
    if (child.exitCode === null) await once(child, 'exit')
  })
  while (!(await isListening(port))) {
    if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}`)
    await sleep(20)
  }
  return `http://127.0.0.1:${port}`
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => socket.end(() => resolve(true))).on('error', () => resolve(false))
  })
}
