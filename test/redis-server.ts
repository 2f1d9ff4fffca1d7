import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Test } from 'tap'
import { freePort } from './free-port.ts'

/** A Redis server of a test's own. */
export interface RedisServer {
  url: string
  start(): Promise<void>
  crash(): Promise<void>
  /** Stops the process: connections are accepted by the kernel, and nothing is answered. */
  freeze(): void
  thaw(): void
}

/** Starts a server that keeps nothing, on a free port of the loopback address. It goes with the test. */
export async function startRedis(t: Test): Promise<RedisServer> {
  const port = await freePort()
  let child: ChildProcess

  async function start() {
    child = await serve(port)
  }
  async function crash() {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  t.teardown(crash)
  await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    start,
    crash,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
  }
}

async function serve(port: number): Promise<ChildProcess> {
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '']
  const child = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.includes('Ready to accept connections')) resolve()
    })
    child.once('exit', () => reject(new Error('Redis did not start')))
  })
  return child
}
