import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Test } from 'tap'
import { freePort } from './free-port.ts'

/** A Redis server for one test. */
export interface RedisServer {
  url: string
  start(): Promise<void>
  crash(): Promise<void>
  /** Suspends the process. The kernel then accepts connections, but nothing responds. */
  freeze(): void
  thaw(): void
}

/** Starts a server without persistence on a free loopback port, and stops it when the test ends. */
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
