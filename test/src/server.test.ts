import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { STOP_SIGNALS } from '../../src/stop-signals.js'
import { ACCOUNT } from '../app.ts'
import { EARLY_SECONDS, signalledAfter } from '../early-signal.ts'
import { FIXTURES } from '../fixtures/register.ts'
import { freePort } from '../free-port.ts'
import { skipUnlessRoot } from '../requirement.ts'
import { type Server, START, startServer, THROWING } from '../server.ts'
import { until } from '../workers.ts'

function countLines({ lines }: Server, pattern: RegExp): number {
  return lines.filter((line) => pattern.test(line)).length
}

t.test('each of the signals stops the service with exit code 0', async (t) => {
  for (const signal of STOP_SIGNALS) {
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

for (const WORKERS of ['1', '2']) {
  t.test(
    `a signal during the start stops process 1 of a container, with WORKERS=${WORKERS}`,
    { skip: skipUnlessRoot() },
    async (t) => {
      for (const seconds of EARLY_SECONDS) {
        // The kernel drops signals to process 1 of a PID namespace that it does not handle.
        const args = ['env', ...signalledAfter(t, seconds, START)]
        const child = spawn('unshare', ['--pid', '--fork', '--kill-child', ...args], {
          cwd: t.testdirName,
          env: { ...process.env, PORT: '0', WORKERS },
          stdio: ['ignore', 'pipe', 'inherit'],
        })
        t.teardown(() => child.kill('SIGKILL'))
        const [lines, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
        // A fast machine may have ended the start.
        t.match(code, lines === '' ? 1 : Number, `${seconds} s`)
        if (seconds === 0) t.equal(lines, '')
      }
    },
  )
}

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
  t.equal(await server.stop('SIGWINCH'), 1)
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

t.test('each line of .env that the service does not read causes a warning', async (t) => {
  const directory = t.testdir({
    '.env': '\ufeffAUTH_USER=x\nCOLOUR=blue\nAUTH_REALM=Elsewhere\nPORT : 1\n',
  })
  const server = await startServer(t, { ...ACCOUNT }, directory, FIXTURES)
  const warnings = server.lines.filter((line) => line.includes('"level":"warn"'))
  t.match(
    warnings.map((line) => JSON.parse(line)),
    [
      { variable: 'AUTH_USER', similar: 'AUTH_USERS', msg: 'unknown environment variable' },
      { variable: 'COLOUR' },
      { line: 4, msg: '.env has a line that sets no variable: write NAME=VALUE' },
    ],
  )
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
