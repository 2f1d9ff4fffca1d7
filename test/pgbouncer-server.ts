import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { freePort } from './free-port.ts'
import { endProgram, env, waitForLine } from './program.ts'

/** PgBouncer for one test. */
export interface PgBouncer {
  url: string
  start(): Promise<void>
  crash(): Promise<void>
}

/**
 * Starts PgBouncer in front of the server at this URL, on a free loopback port, and stops PgBouncer when the test ends.
 * All settings except the pool mode have their defaults.
 *
 * @param mode lifetime of a client's session: a transaction, or only a statement
 */
export async function startPgBouncer(
  t: Test,
  target: string,
  mode: 'transaction' | 'statement' = 'transaction',
): Promise<PgBouncer> {
  const url = new URL(target)
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'pgbouncer-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'pgbouncer.ini')
  const login = [
    `host=${url.hostname}`,
    `port=${url.port || 5432}`,
    `user=${url.username}`,
    ...(url.password ? [`password=${url.password}`] : []),
  ]
  writeFileSync(
    file,
    `
[databases]
* = ${login.join(' ')}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = ${mode}
`,
  )
  let child: ChildProcess
  async function start() {
    child = await serve(file)
  }
  const crash = () => endProgram(child, 'SIGKILL')
  t.teardown(crash)
  await start()
  url.host = `127.0.0.1:${port}`
  return { url: url.href, start, crash }
}

/** PgBouncer refuses to run as root, and changes to another user. */
async function serve(file: string): Promise<ChildProcess> {
  const user = process.getuid?.() === 0 ? ['-u', 'postgres'] : []
  const child = spawn('pgbouncer', [...user, file], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  await waitForLine(child, child.stderr, 'process up')
  return child
}
