import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { type ClientHttp2Session, connect, constants } from 'node:http2'
import { type AddressInfo, connect as connectTcp } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { build } from '../../app.ts'
import { freePort } from '../../free-port.ts'
import { SEARCH_PATH, skipUnless } from '../../requirement.ts'
import '../../fixtures/register.ts'

/** Time limit for a response. If the service took a request for a part of a body, the client would wait for longer. */
const TIMEOUT_MS = 5_000

const ROUNDS = 4

/** Number of bytes that a client sends of a body of 300 MiB. */
const SENT_BYTES = [0, 16_000, 1_000_000]

const UPLOAD = {
  ':method': 'POST',
  'content-type': 'text/plain',
  'content-length': String(300 * 1_048_576),
}

/** Starts haproxy in front of the service, and returns its URL. Clients speak HTTP/2, and share the connections. */
async function startHaproxy(t: Test, servicePort: number): Promise<string> {
  const port = await freePort()
  const configuration = `
defaults
  mode http
  timeout connect 1s
  timeout client 30s
  timeout server 30s
  http-reuse always
frontend clients
  bind 127.0.0.1:${port} proto h2
  default_backend service
backend service
  server service 127.0.0.1:${servicePort}
`
  await start(t, port, 'haproxy', ['-f', written(t, configuration)])
  return `http://127.0.0.1:${port}`
}

/** Starts nginx in front of the service, and returns its URL. nginx does not buffer bodies, and reuses connections. */
async function startNginx(t: Test, servicePort: number): Promise<string> {
  const port = await freePort()
  const configuration = `
daemon off;
pid ${t.testdirName}/pid;
error_log /dev/null;
events {}
http {
  access_log off;
  client_max_body_size 0;
  client_body_temp_path ${t.testdirName}/bodies;
  proxy_temp_path ${t.testdirName}/proxy;
  fastcgi_temp_path ${t.testdirName}/fastcgi;
  uwsgi_temp_path ${t.testdirName}/uwsgi;
  scgi_temp_path ${t.testdirName}/scgi;
  upstream service { server 127.0.0.1:${servicePort}; keepalive 1; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://service;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
      proxy_request_buffering off;
    }
  }
}
`
  await start(t, port, 'nginx', ['-c', written(t, configuration)])
  return `http://127.0.0.1:${port}`
}

/** Writes a configuration to the folder of the test, and returns the path of the file. */
function written(t: Test, configuration: string): string {
  const file = join(t.testdir(), 'configuration')
  writeFileSync(file, configuration)
  return file
}

/** Starts a proxy, and waits until it listens. Stops it when the test ends. */
async function start(t: Test, port: number, program: string, args: string[]) {
  const child = spawn(program, args, { env: { PATH: SEARCH_PATH }, stdio: 'ignore' })
  const exit = once(child, 'exit')
  t.teardown(() => {
    child.kill()
    return exit
  })
  while (!(await isListening(port))) await sleep(20)
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTcp(port, '127.0.0.1')
    socket.on('connect', () => socket.end(() => resolve(true))).on('error', () => resolve(false))
  })
}

/** Starts the service, and returns its port. */
async function listen(t: Test): Promise<number> {
  const app = await build(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  return (app.server.address() as AddressInfo).port // the address of a TCP server is an object
}

/** Opens an HTTP/2 connection, and closes it when the test ends. */
function open(t: Test, url: string): ClientHttp2Session {
  const session = connect(url)
  t.teardown(() => session.destroy())
  return session
}

/** Sends a request with the first bytes of a body. Cancels the request after the response, and returns the status. */
async function send(session: ClientHttp2Session, fields: object, sentBytes = 0) {
  const stream = session.request({ ...fields })
  stream.on('error', () => {}) // the proxy may refuse the rest of the body
  if (sentBytes > 0) stream.write(Buffer.alloc(sentBytes))
  const [headers] = await once(stream, 'response', { signal: AbortSignal.timeout(TIMEOUT_MS) })
  stream.close(constants.NGHTTP2_CANCEL)
  return headers[':status']
}

t.test(
  'behind haproxy, a request after an early response gets its own response',
  { skip: skipUnless('haproxy') },
  async (t) => {
    const url = await startHaproxy(t, await listen(t))
    const [one, other] = [open(t, url), open(t, url)]
    for (const [path, status] of [
      ['/mirror', 413],
      ['/notes', 401],
      ['/nowhere', 404],
    ] as const) {
      for (const sentBytes of SENT_BYTES) {
        for (let round = 0; round < ROUNDS; round++) {
          t.equal(await send(one, { ...UPLOAD, ':path': path }, sentBytes), status)
          t.equal(await send(other, { ':path': '/greeting' }), 200)
        }
      }
    }
  },
)

t.test(
  'behind nginx, a client gets an early response, and so does the next client',
  { skip: skipUnless('nginx') },
  async (t) => {
    const url = await startNginx(t, await listen(t))
    for (const [path, status] of [
      ['/mirror', 413],
      ['/notes', 401],
      ['/nowhere', 404],
    ] as const) {
      for (let round = 0; round < ROUNDS; round++) {
        const init = { method: 'POST', headers: { 'content-type': 'text/plain' }, duplex: 'half' }
        const body = ReadableStream.from(Array(50).fill(Buffer.alloc(100_000)))
        const early = await fetch(url + path, { ...init, body } as RequestInit) // the type lacks `duplex`
        t.equal(early.status, status)
        t.match(await early.json(), { status })
        t.equal((await fetch(`${url}/greeting`)).status, 200)
      }
    }
  },
)
