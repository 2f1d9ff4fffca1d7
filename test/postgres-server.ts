import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, chownSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { Test } from 'tap'
import type { Certificate } from './certificate.ts'
import { freePort } from './free-port.ts'
import { endProgram, waitForLine } from './program.ts'
import { POSTGRES_PROGRAMS } from './requirement.ts'

/** A PostgreSQL server for one test, with the durability settings of production. */
export interface PostgresServer {
  url: string
  /** Starts the server with its data, and waits until the server accepts connections. */
  start(): Promise<void>
  /** Stops the server without a checkpoint, so that the next start recovers the data as after a crash. */
  crash(): Promise<void>
  /** Suspends all processes of the server. The kernel then accepts connections, but nothing responds. */
  freeze(): Promise<void>
  thaw(): void
  /** Ends the sessions of all clients, and returns their number. */
  endSessions(): Promise<number>
}

/**
 * User that runs PostgreSQL if the tests run as root, because PostgreSQL refuses to run as root. Debian's package
 * creates this user.
 */
const user = process.getuid?.() === 0 ? userOf('postgres') : {}

function userOf(name: string) {
  const id = (option: string) => Number(execFileSync('id', [option, name]))
  return POSTGRES_PROGRAMS ? { uid: id('-u'), gid: id('-g') } : {}
}

/**
 * Creates and starts a server on a free loopback port, and stops it when the test ends.
 *
 * @param certificate makes the server accept connections with TLS, and without
 */
export async function startPostgres(t: Test, certificate?: Certificate): Promise<PostgresServer> {
  const folder = makeCluster(t)
  const tls = certificate ? installCertificate(folder, certificate) : {}
  const port = await freePort()
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  let child: ChildProcess
  let frozen: number[] = []

  async function start() {
    child = await serve(folder, { port, ...tls })
  }
  async function crash() {
    thaw()
    await endProgram(child, 'SIGQUIT') // an immediate shutdown (postgresql.org/docs/current/server-shutdown.html)
  }
  async function freeze() {
    frozen = await stopAll(url, Number(child.pid))
  }
  function thaw() {
    for (const pid of frozen) process.kill(pid, 'SIGCONT')
    frozen = []
  }
  t.teardown(crash)
  await start()
  return { url, start, crash, freeze, thaw, endSessions: () => endSessions(url) }
}

function makeCluster(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid)
  const options = ['--username=postgres', '--auth=trust', '--locale=C', '--encoding=UTF8']
  execFileSync(`${POSTGRES_PROGRAMS}/initdb`, ['--no-sync', ...options, folder], {
    ...user,
    cwd: folder,
    stdio: 'ignore',
  })
  return folder
}

/** Copies a certificate into the cluster, whose user must own the key, and returns the settings for it. */
function installCertificate(folder: string, { certificate, key }: Certificate) {
  const [ssl_cert_file, ssl_key_file] = [join(folder, 'server.crt'), join(folder, 'server.key')]
  copyFileSync(certificate, ssl_cert_file)
  copyFileSync(key, ssl_key_file)
  chmodSync(ssl_key_file, 0o600)
  if (user.uid !== undefined) chownSync(ssl_key_file, user.uid, user.gid)
  return { ssl: 'on', ssl_cert_file, ssl_key_file }
}

async function serve(folder: string, own: object): Promise<ChildProcess> {
  const settings = { ...own, listen_addresses: '127.0.0.1', unix_socket_directories: '' }
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = spawn(`${POSTGRES_PROGRAMS}/postgres`, ['-D', folder, ...options], {
    ...user,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  await waitForLine(child, child.stderr, 'ready to accept connections')
  return child
}

async function endSessions(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rowCount } = await client.query(`
    select pg_terminate_backend(pid) from pg_stat_activity
    where backend_type = 'client backend' and pid <> pg_backend_pid()
  `)
  await client.end()
  return Number(rowCount)
}

/** Suspends all processes, and returns their ids. The postmaster is first, so that it forks no new process. */
async function stopAll(url: string, postmaster: number): Promise<number[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {}) // destroying the connection emits an error
  await client.connect()
  process.kill(postmaster, 'SIGSTOP')
  const { rows } = await client.query<{ pid: number }>('select pid from pg_stat_activity')
  const pids = [postmaster, ...rows.map(({ pid }) => pid)]
  for (const pid of pids) process.kill(pid, 'SIGSTOP')
  client.connection.stream.destroy()
  return pids
}
