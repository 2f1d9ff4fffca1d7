import { type ChildProcess, spawn } from 'node:child_process'
import type { Test } from 'tap'
import type { Certificate } from './certificate.ts'
import { freePort } from './free-port.ts'
import { endProgram, waitForLine } from './program.ts'

/** A Redis server for one test. */
export interface RedisServer {
  url: string
  start(): Promise<void>
  crash(): Promise<void>
  /** Suspends the process. The kernel then accepts connections, but nothing responds. */
  freeze(): void
  thaw(): void
}

/**
 * Starts a server without persistence on a free loopback port, and stops it when the test ends.
 *
 * @param certificate makes the server accept only connections with TLS
 */
export async function startRedis(t: Test, certificate?: Certificate): Promise<RedisServer> {
  const port = await freePort()
  let child: ChildProcess

  async function start() {
    child = await serve(certificate ? tlsOptions(port, certificate) : ['--port', String(port)])
  }
  const crash = () => endProgram(child, 'SIGKILL')
  t.teardown(crash)
  await start()
  return {
    url: certificate ? `rediss://localhost:${port}` : `redis://127.0.0.1:${port}`,
    start,
    crash,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
  }
}

function tlsOptions(port: number, { certificate, key }: Certificate): string[] {
  const files = ['--tls-cert-file', certificate, '--tls-key-file', key]
  return ['--port', '0', '--tls-port', String(port), ...files, '--tls-auth-clients', 'no']
}

async function serve(listening: string[]): Promise<ChildProcess> {
  const options = [...listening, '--bind', '127.0.0.1', '--save', '']
  const child = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'inherit'] })
  await waitForLine(child, child.stdout, 'Ready to accept connections')
  return child
}
