import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { ACCOUNT } from '../app.ts'
import { FIXTURES } from '../fixtures/register.ts'
import { freePort } from '../free-port.ts'
import { type Server, START, startServer, THROWING } from '../server.ts'
import { until } from '../workers.ts'

/** Starts the service, which must fail. Returns the exit code and the standard error. */
async function failToStart(t: Test, environment: Record<string, string>, cwd = t.testdir()) {
  const child = spawn(process.execPath, [START], {
    cwd,
    env: { ...process.env, PORT: '0', ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
  return { code, stderr }
}

function countLines({ lines }: Server, pattern: RegExp): number {
  return lines.filter((line) => pattern.test(line)).length
}

t.test('SIGINT and SIGTERM stop the service with exit code 0', async (t) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const { url, stop } = await startServer(t)
    const reply = await fetch(url, { headers: { accept: 'text/plain' } })
    t.equal(await reply.text(), 'Welcome')
    t.equal(await stop(signal), 0, signal)
  }
})

t.test(
  'during shutdown, the service still responds on ADMIN_PORT, and has no metrics on PORT',
  async (t) => {
    const ADMIN_PORT = String(await freePort())
    // the delay is longer than the requests of this test take on a slow machine
    const { url, stop } = await startServer(t, { ADMIN_PORT, SHUTDOWN_DELAY: '5000' })
    t.equal((await fetch(`${url}/metrics`)).status, 404)
    const admin = `http://127.0.0.1:${ADMIN_PORT}`
    t.match(await (await fetch(`${admin}/metrics`)).text(), /^http_connections 1$/m)
    t.equal((await fetch(`${admin}/health/ready`)).status, 200)
    const stopped = stop()
    let status = 200
    while (status === 200) status = (await fetch(`${admin}/health/ready`)).status
    t.equal(status, 503, 'the service is not ready while it drains')
    t.equal(await stopped, 0)
  },
)

t.test('a second signal stops the service at once', async (t) => {
  const { lines, stop } = await startServer(t, { SHUTDOWN_DELAY: '60000' })
  const begin = Date.now()
  void stop('SIGTERM')
  // A signal that is sent while the same signal is pending would be lost.
  while (!lines.some((line) => line.includes('draining'))) await sleep(20)
  t.equal(await stop('SIGTERM'), 1)
  t.ok(Date.now() - begin < 30_000)
})

t.test('the exit code is 1 if the shutdown cuts a connection', async (t) => {
  const { url, stop } = await startServer(t, { SHUTDOWN_TIMEOUT: '50' }, undefined, FIXTURES)
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.on('error', () => {}) // the service cuts this connection
  await once(socket, 'connect')
  const fields =
    'Host: localhost\r\nContent-Type: text/plain\r\nContent-Length: 5\r\nExpect: 100-continue'
  socket.write(`POST /files HTTP/1.1\r\n${fields}\r\n\r\n`)
  await once(socket, 'data')
  t.equal(await stop(), 1)
})

t.test('SIGTERM stops a service that is still connecting to its database', async (t) => {
  // a server that accepts connections and never responds
  const silent = createServer().listen(0, '127.0.0.1')
  await once(silent, 'listening')
  t.teardown(() => silent.close())
  const { port } = silent.address() as AddressInfo // the address of a TCP server is an object
  const accepted = once(silent, 'connection')
  const child = spawn(process.execPath, [START], {
    cwd: t.testdir(),
    env: {
      ...process.env,
      PORT: '0',
      DATABASE_URL: `postgres://luis@127.0.0.1:${port}/api`,
      DATABASE_TIMEOUT: '60000',
    },
    stdio: 'ignore',
  })
  const exit = once(child, 'exit')
  await accepted
  child.kill('SIGTERM')
  const [code] = await exit
  t.equal(code, 1)
})

t.test('an uncaught error is logged, and the service drains and exits with 1', async (t) => {
  const server = await startServer(t, {}, undefined, THROWING)
  t.equal(await server.stop('SIGUSR2'), 1)
  const lines = server.lines.map((line) => JSON.parse(line))
  t.match(
    lines.filter(({ level }) => level === 'fatal'),
    [{ msg: 'uncaught error', err: { message: 'a bug' } }],
  )
  t.equal(lines.at(-1).msg, 'draining')
})

for (const WORKERS of ['1', '2']) {
  t.test(`the tutorial's accounts cause one warning, with WORKERS=${WORKERS}`, async (t) => {
    const server = await startServer(t, { WORKERS }, undefined, FIXTURES)
    await until(() => countLines(server, /Server listening/) === Number(WORKERS))
    t.equal(countLines(server, /"level":"warn".*public accounts of the tutorial/), 1)
  })
}

t.test('a wide block in TRUST_PROXY causes a warning', async (t) => {
  const environment = { ...ACCOUNT, TRUST_PROXY: '127.0.0.1 10.0.0.0/8' }
  const server = await startServer(t, environment, undefined, FIXTURES)
  t.equal(countLines(server, /"level":"warn".*"blocks":\["10\.0\.0\.0\/8"\]/), 1)
})

t.test('an account of its own causes no warning', async (t) => {
  const server = await startServer(t, { ...ACCOUNT }, undefined, FIXTURES)
  t.equal(countLines(server, /"level":"warn"/), 0)
})

t.test('the service reads .env and stores its data in the working directory', async (t) => {
  const directory = t.testdir({ '.env': 'AUTH_REALM=Elsewhere\n' })
  const { url, stop } = await startServer(t, {}, directory, FIXTURES)
  const reply = await fetch(`${url}/vault`)
  t.equal(
    reply.headers.get('www-authenticate'),
    'Basic realm="Elsewhere", charset="UTF-8", Bearer realm="Elsewhere"',
  )
  await stop()
  t.ok(existsSync(join(directory, 'data/api.db')))
})

const AUTH_TOKENS = `someone::${'0'.repeat(64)}`

const BAD_SETTINGS: Record<string, [environment: Record<string, string>, expected: string]> = {
  'an invalid value': [{ PORT: 'abc' }, 'PORT is "abc": must be integer'],
  'a public address without accounts': [{ HOST: '0.0.0.0' }, 'HOST is "0.0.0.0": set AUTH_USERS'],
  'an address of another machine': [{ HOST: '192.0.2.1', AUTH_TOKENS }, 'EADDRNOTAVAIL'],
  'a database file that cannot be created': [
    { DATABASE_URL: 'sqlite:/dev/null/api.db' },
    'cannot open the database',
  ],
  'a database that no worker can open': [
    { DATABASE_URL: 'sqlite:/dev/null/api.db', WORKERS: '2' },
    'cannot open the database',
  ],
  'a database that refuses connections': [
    { DATABASE_URL: 'postgres://luis:hunter2@127.0.0.1:1/api' },
    'cannot migrate the database: PostgreSQL: connect ECONNREFUSED 127.0.0.1:1',
  ],
  'a database URL with an unencoded password': [
    { DATABASE_URL: 'postgres://luis:hunter2/hunter2@127.0.0.1/api' },
    'cannot migrate the database: PostgreSQL: Invalid URL',
  ],
  'a log file that cannot be created': [
    { LOG_FILE: '/dev/null/app.log' },
    'LOG_FILE is "/dev/null/app.log"',
  ],
}

for (const [title, [environment, expected]] of Object.entries(BAD_SETTINGS)) {
  t.test(`${title} stops the start with one line and exit code 1`, async (t) => {
    const { code, stderr } = await failToStart(t, environment)
    t.equal(code, 1)
    t.match(stderr, expected)
    t.match(stderr, /^restful-web-api cannot start: .+\n$/, 'the error is one line')
    t.notMatch(stderr, 'hunter2', 'the error contains no password')
  })
}

t.test('a file that is not a database stops the start, and is not changed', async (t) => {
  const directory = t.testdir({
    'notes.txt': 'These are notes, and long enough to be read as a header.',
  })
  const file = join(directory, 'notes.txt')
  const before = readFileSync(file)
  const { code, stderr } = await failToStart(t, { DATABASE_URL: `sqlite:${file}` }, directory)
  t.equal(code, 1)
  t.match(stderr, /^restful-web-api cannot start: .*file is not a database\n$/)
  t.same(readFileSync(file), before)
})

t.test('a port in use stops the start with one line and exit code 1', async (t) => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  t.teardown(() => other.close())
  const address = other.address()
  const PORT = String(typeof address === 'object' ? address?.port : '')
  const { code, stderr } = await failToStart(t, { PORT })
  t.equal(code, 1)
  t.match(stderr, /^restful-web-api cannot start: the address is in use: .*EADDRINUSE.*\n$/)
})

t.test('an unreadable .env stops the start', async (t) => {
  const directory = t.testdir({ '.env': {} })
  const { code, stderr } = await failToStart(t, {}, directory)
  t.equal(code, 1)
  t.match(stderr, /^restful-web-api cannot start: .*\.env.*\n$/)
})

t.test('an unexpected error during the start is printed with its stack', async (t) => {
  const directory = t.testdir()
  const preload = join(directory, 'preload.mjs')
  writeFileSync(
    preload,
    "import net from 'node:net'\nnet.Server.prototype.listen = () => { throw new Error('a bug') }\n",
  )
  const NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} --import=${preload}`
  const { code, stderr } = await failToStart(t, { NODE_OPTIONS }, directory)
  t.equal(code, 1)
  t.match(stderr, /Error: a bug\n\s+at /)
})

const VERSIONS: [version: string, isSupported: boolean][] = [
  ['22.23.4', false],
  ['24.7.0', false],
  ['24.18.0', false],
  ['24.18.1', true],
  ['24.19.0', true],
  ['25.9.0', false],
  ['26.5.0', false],
  ['26.5.1', true],
  ['26.10.0', true],
  ['27.0.0', true],
]

for (const [version, isSupported] of VERSIONS) {
  t.test(`Node ${version} ${isSupported ? 'can' : 'cannot'} run the service`, async (t) => {
    const directory = t.testdir()
    const preload = join(directory, 'preload.mjs')
    writeFileSync(
      preload,
      `Object.defineProperty(process.versions, 'node', { value: '${version}' })\n`,
    )
    const NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} --import=${preload}`
    const { code, stderr } = await failToStart(t, { NODE_OPTIONS, PORT: 'x' }, directory)
    t.equal(code, 1)
    const expected = isSupported
      ? /PORT is "x"/
      : /^restful-web-api needs Node \^24\.18\.1 \|\| >=26\.5\.1, but this is v.+\n$/
    t.match(stderr, expected)
  })
}
