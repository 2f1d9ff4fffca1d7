/** Sends a signal while the service starts. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'

/** Seconds after which a test sends the signal. 0 is as soon as the service handles signals. */
export const EARLY_SECONDS = [0, 0.05, 0.1, 0.2, 0.3, 0.5]

/**
 * Returns arguments of `env` that start the service. The service, but none of its workers, gets SIGTERM this time after it
 * began to handle signals. No option is an `--import`, with which Node handles signals while it loads modules; the test
 * runner would add one to NODE_OPTIONS.
 */
export function signalledAfter(t: Test, seconds: number, start: string): string[] {
  const file = join(t.testdir(), 'signal.cjs')
  writeFileSync(
    file,
    `
    const { spawn } = require('node:child_process')
    const { on } = process
    process.on = (name, listener) => {
      on.call(process, name, listener)
      if (name !== 'SIGTERM' || 'NODE_UNIQUE_ID' in process.env) return process
      process.on = on
      if (${seconds} === 0) process.kill(process.pid, 'SIGTERM')
      else spawn('sh', ['-c', 'sleep ${seconds}; kill -s TERM $PPID'], { stdio: 'ignore' }).unref()
      return process
    }
  `,
  )
  return ['NODE_OPTIONS=', process.execPath, '--require', file, start]
}
