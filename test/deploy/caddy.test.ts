/** deploy/Caddyfile with Debian's Caddy, and a certificate of Caddy's own authority (`tls internal`). */
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, get, type IncomingMessage, type RequestListener } from 'node:http'
import { connect } from 'node:http2'
import { type RequestOptions, request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { AUTHORIZATION, build, createLog } from '../app.ts'
import '../fixtures/register.ts'
import { freePort } from '../free-port.ts'
import { env, startProgram } from '../program.ts'
import { skipUnless } from '../requirement.ts'
import { readText, readYaml } from './files.ts'

const skip = skipUnless('caddy')

const CADDYFILE = readText('deploy/Caddyfile')

/** Name of the file with the access log. */
const ACCESS_LOG = 'access.log'

/** Starts Caddy in front of an upstream (host:port). */
async function startCaddy(t: Test, upstream: string) {
  const directory = t.testdir()
  const [httpPort, httpsPort] = [await freePort(), await freePort()]
  const options = `http_port ${httpPort}\nhttps_port ${httpsPort}\nskip_install_trust\nstorage file_system ${directory}`
  const file = join(directory, 'Caddyfile')
  const configuration = CADDYFILE.replace('admin off', `admin off\n${options}`)
    .replace('{$DOMAIN} {', '{$DOMAIN} {\ntls internal')
    .replace('output stdout', `output file ${directory}/${ACCESS_LOG}`)
  writeFileSync(file, configuration)
  const args = ['run', '--config', file, '--adapter', 'caddyfile']
  const environment = { DOMAIN: 'localhost', UPSTREAMS: upstream, HOME: directory }
  await startProgram(t, 'caddy', args, httpsPort, environment)
  const root = join(directory, 'pki/authorities/local/root.crt')
  const certificate = join(directory, 'certificates/local/localhost/localhost.crt')
  while (!existsSync(root) || !existsSync(certificate)) await delay(20)
  const url = `https://localhost:${httpsPort}`
  const ca = readFileSync(root)
  /** Sends a request from 127.0.0.2, without the end of its body. */
  function open(options: RequestOptions) {
    return request(url, { ca, agent: false, family: 4, localAddress: '127.0.0.2', ...options })
  }
  async function send(method: string, path: string, headers = {}, body = '') {
    const outgoing = open({ method, path, headers }).end(body)
    const [reply] = (await once(outgoing, 'response')) as [IncomingMessage]
    return { status: reply.statusCode, headers: reply.headers, body: await text(reply) }
  }
  return { url, httpPort, ca, directory, open, send }
}

/** Starts a fake service, and returns its address as host:port. */
async function startFake(t: Test, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close().closeAllConnections())
  return `127.0.0.1:${(server.address() as AddressInfo).port}` // the address of a TCP server is an object
}

/** Starts the service behind Caddy. */
async function startService(t: Test) {
  const log = createLog()
  const app = await build(t, { TRUST_PROXY: '127.0.0.1' }, { logDestination: log })
  const address = new URL(await app.listen({ host: '127.0.0.1', port: 0 })).host
  return { log, ...(await startCaddy(t, address)) }
}

t.test('Caddy redirects HTTP to HTTPS', { skip }, async (t) => {
  const { httpPort } = await startService(t)
  const [reply] = (await once(get(`http://localhost:${httpPort}/notes?limit=2`), 'response')) as [
    IncomingMessage,
  ]
  t.equal(reply.statusCode, 308)
  t.equal(reply.headers.location, 'https://localhost/notes?limit=2', 'at the port of HTTPS')
  reply.destroy()
})

t.test('behind Caddy, URLs are those of the client, and HSTS is set', { skip }, async (t) => {
  const { url, send } = await startService(t)
  const headers = { authorization: AUTHORIZATION, 'content-type': 'text/plain' }
  const created = await send('POST', '/files', headers, 'a file')
  t.equal(created.status, 201)
  t.match(created.headers['strict-transport-security'], /^max-age=31536000/)
  const { href } = new URL(String(created.headers.location), url)
  t.match(href, `${url}/files/`)
  const { body } = await send('GET', new URL(href).pathname, { authorization: AUTHORIZATION })
  t.equal(body, 'a file')
  t.match((await send('GET', '/notes/4')).body, `Not Found: ${url}/notes/4`)
})

t.test(
  'Caddy replaces the forwarding fields of clients, and chooses the id',
  { skip },
  async (t) => {
    const { log, directory, send } = await startService(t)
    const { headers } = await send('GET', '/notes/123?secret=1', {
      'x-forwarded-for': '192.0.2.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': 'evil.example',
      forwarded: 'for=192.0.2.1',
      'x-request-id': 'mine-1',
    })
    const reqId = headers['x-request-id']
    t.match(reqId, /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/)
    const line = log.lines.find(({ msg }) => msg === 'request completed')
    t.match(line, { client: '127.0.0.2', reqId, clientRequestId: 'mine-1' })
    t.match(headers['strict-transport-security'], /./, 'the scheme is https')
    const path = join(directory, ACCESS_LOG)
    while (!existsSync(path) || !readFileSync(path, 'utf8').endsWith('\n')) await delay(20)
    const access = readFileSync(path, 'utf8')
    t.match(JSON.parse(access), { request: { remote_ip: '127.0.0.2', method: 'GET' }, status: 200 })
    t.notMatch(access, 'secret')
  },
)

t.test('Caddy speaks HTTP/2, and announces HTTP/3', { skip }, async (t) => {
  const { url, ca, send } = await startService(t)
  const session = connect(url, { ca })
  const stream = session.request({ ':path': '/notes/123' })
  const [headers] = await once(stream, 'response')
  t.equal(headers[':status'], 200)
  await text(stream)
  session.close()
  t.match((await send('GET', '/')).headers['alt-svc'], `h3=":${new URL(url).port}"`)
})

t.test('Caddy passes bodies on as they arrive', { skip }, async (t) => {
  const arrived = Promise.withResolvers<string>()
  const received = Promise.withResolvers<void>()
  const upstream = await startFake(t, async (incoming, reply) => {
    incoming.once('data', (chunk) => arrived.resolve(String(chunk)))
    await once(incoming, 'end')
    reply.write('first')
    await received.promise
    reply.end('last')
  })
  const { open } = await startCaddy(t, upstream)
  const outgoing = open({ method: 'POST', path: '/', headers: { 'content-type': 'text/plain' } })
  outgoing.write('first part')
  t.equal(await arrived.promise, 'first part', 'before the end of the request')
  outgoing.end('last part')
  const [reply] = (await once(outgoing, 'response')) as [IncomingMessage]
  const [chunk] = await once(reply, 'data')
  t.equal(String(chunk), 'first', 'before the end of the response')
  received.resolve()
  t.equal(await text(reply), 'last')
})

t.test(
  'Caddy responds with 503 in the format of the service if it does not listen',
  { skip },
  async (t) => {
    const { send } = await startCaddy(t, `127.0.0.1:${await freePort()}`)
    const { status, headers, body } = await send('GET', '/')
    t.equal(status, 503)
    t.strictSame(JSON.parse(body), { status: 503, message: 'Service Unavailable' })
    t.match(headers, {
      'content-type': 'application/json',
      'retry-after': '1',
      'cache-control': 'no-store',
    })
  },
)

t.test('Caddy refuses the text of compose.yaml in place of DOMAIN', { skip }, async (t) => {
  const { services } = readYaml<{ services: { caddy: { environment: { DOMAIN: string } } } }>(
    'compose.yaml',
  )
  const [, DOMAIN = ''] = /^\$\{DOMAIN:-(.+)\}$/.exec(services.caddy.environment.DOMAIN) ?? []
  const args = ['validate', '--config', 'deploy/Caddyfile', '--adapter', 'caddyfile']
  const validate = (DOMAIN: string) =>
    spawnSync('caddy', args, { env: { ...env, DOMAIN, UPSTREAMS: 'api:1' }, encoding: 'utf8' })
  t.match(validate(DOMAIN).stderr, 'set-DOMAIN-to-the-name-of-the-service')
  t.equal(validate(DOMAIN).status, 1)
  t.equal(validate('api.example').status, 0)
})
