import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { type ClientHttp2Session, connect, constants } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { build } from '../../app.ts'
import { freePort } from '../../free-port.ts'
import { startNginxServer } from '../../nginx.ts'
import { startProgram } from '../../program.ts'
import { skipUnless } from '../../requirement.ts'
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
  const file = join(t.testdir(), 'haproxy.cfg')
  writeFileSync(file, configuration)
  return startProgram(t, 'haproxy', ['-f', file], port)
}

/** Starts nginx in front of the service, and returns its URL. nginx does not buffer bodies, and reuses connections. */
function startNginx(t: Test, servicePort: number): Promise<string> {
  const location = `
client_max_body_size 0;
location / {
  proxy_pass http://service;
  proxy_http_version 1.1;
  proxy_set_header Connection "";
  proxy_set_header Host $host;
  proxy_request_buffering off;
}`
  const upstream = `upstream service { server 127.0.0.1:${servicePort}; keepalive 1; }`
  return startNginxServer(t, location, upstream)
}

/** Starts the service, and returns its port. */
async function listen(t: Test): Promise<number> {
  const app = await build(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  return (app.server.address() as AddressInfo).port // the address of a TCP server is an object
}

/** Opens an HTTP/2 connection, and closes it when the test ends. */
function open(t: Test, url: string): ClientHttp2Session {
  // Bodies of cancelled requests stay in the memory of the session for a while, 10 MB of which Node allows by default.
  const session = connect(url, { maxSessionMemory: 100 })
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
