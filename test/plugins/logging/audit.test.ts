import { once } from 'node:events'
import t, { type Test } from 'tap'
import { hashPassword } from '../../../plugins/auth/password.ts'
import { digestToken } from '../../../plugins/auth/token.ts'
import { AUTHORIZATION, build, buildWith, createLog, write } from '../../app.ts'
import { connectTo } from '../../socket.ts'
import '../../fixtures/register.ts'

const NOTE = { title: 'A', author: 'B', body: 'C' }

async function buildLogged(t: Test, environment: Record<string, string> = {}) {
  const log = createLog()
  const app = await build(t, environment, { logDestination: log })
  return { app, log }
}

function basic(credentials: string): string {
  return `Basic ${Buffer.from(credentials).toString('base64')}`
}

t.test('the line of a write has account, client, resource, id and version', async (t) => {
  const { app, log } = await buildLogged(t)
  const by = { principal: 'admin', client: '127.0.0.1', resource: '/notes' }
  const created = await app.inject(write('POST', '/notes', {}, NOTE))
  const url = String(created.headers.location)
  const id = url.split('/').at(-1)
  const tag = (value: unknown) => ({ 'if-match': String(value) })
  const versionOf = (value: unknown) => String(value).slice(1).split('-')[0]
  t.match(log.lines.at(-1), { ...by, id, version: versionOf(created.headers.etag), status: 201 })

  const changed = { ...NOTE, title: 'D' }
  const replaced = await app.inject(write('PUT', `${url}?a=b`, tag(created.headers.etag), changed))
  t.equal(replaced.statusCode, 200)
  t.match(log.lines.at(-1), { ...by, id, version: versionOf(replaced.headers.etag), method: 'PUT' })
  t.not(replaced.headers.etag, created.headers.etag)

  await app.inject(write('DELETE', url, tag(created.headers.etag)))
  const refused = log.lines.at(-1)
  t.match(refused, { ...by, id, status: 412 }, 'an attempt of an account has the resource')
  t.notOk('version' in Object(refused), 'nothing was written')

  await app.inject(write('DELETE', url, tag(replaced.headers.etag)))
  t.match(log.lines.at(-1), { ...by, id, version: versionOf(replaced.headers.etag), status: 204 })
})

t.test('the line of a write to a collection without an id has only the resource', async (t) => {
  const { app, log } = await buildLogged(t)
  await app.inject(write('POST', '/notes', {}, {}))
  const line = log.lines.at(-1)
  t.match(line, { principal: 'admin', resource: '/notes', status: 400 })
  t.notOk('id' in Object(line))
})

t.test('the lines of reads and of anonymous attempts have no resource', async (t) => {
  const { app, log } = await buildLogged(t)
  const headers = { authorization: AUTHORIZATION }
  await app.inject({ url: '/vault', headers })
  await app.inject({ method: 'DELETE', url: '/notes/123' })
  await app.inject({ method: 'DELETE', url: '/greeting', headers })
  t.match(log.lines, [{ principal: 'admin' }, { status: 401 }, { status: 405 }])
  for (const line of log.lines) t.notOk('resource' in line)
  t.notOk('principal' in Object(log.lines[1]))
})

t.test('the line of a write has the resource if the client disconnects', async (t) => {
  const log = createLog()
  const started = Promise.withResolvers<void>()
  const written = Promise.withResolvers<void>()
  const logDestination = {
    write(line: string) {
      log.write(line)
      if (line.includes('request aborted')) written.resolve()
    },
  }
  const app = await buildWith(
    t,
    async (app) =>
      void app.delete('/slow/:id', { onRequest: app.requireAuth() }, async (_request, reply) => {
        started.resolve()
        await once(reply.raw, 'close')
        return 'too late'
      }),
    {},
    { logDestination },
  )
  const socket = await connectTo(app)
  socket.write(
    `DELETE /slow/7 HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${AUTHORIZATION}\r\n\r\n`,
  )
  await started.promise
  socket.destroy()
  await written.promise
  const by = { principal: 'admin', client: '127.0.0.1' }
  t.match(log.lines.at(-1), { ...by, resource: '/slow', id: '7', msg: 'request aborted' })
})

/** Returns the events of a log, without the lines of the requests. */
function eventsIn({ lines }: ReturnType<typeof createLog>) {
  return lines.filter(({ msg }) => !String(msg).startsWith('request '))
}

t.test(
  'refused credentials have an event with the client, and the name of the account',
  async (t) => {
    const { app, log } = await buildLogged(t)
    for (const authorization of [
      basic('admin:hunter2'),
      basic('hunter2:hunter2'),
      'Bearer hunter2',
      'Digest hunter2',
    ]) {
      await app.inject({ url: '/vault', headers: { authorization } })
    }
    const event = { level: 'warn', msg: 'credentials refused', client: '127.0.0.1' }
    t.match(eventsIn(log), [
      { ...event, scheme: 'Basic', account: 'admin' },
      { ...event, scheme: 'Basic', account: undefined },
      { ...event, scheme: 'Bearer', account: undefined },
      { ...event, scheme: 'unreadable' },
    ])
    t.notMatch(JSON.stringify(log.lines), 'hunter2', 'a name may be a password in the wrong field')
  },
)

t.test('a request without credentials has no event', async (t) => {
  const { app, log } = await buildLogged(t)
  await app.inject('/vault')
  t.strictSame(eventsIn(log), [])
})

t.test('a login beyond the limit of failed logins has an event', async (t) => {
  const { app, log } = await buildLogged(t, { AUTH_FAILURE_LIMIT: '1' })
  const headers = { authorization: basic('admin:wrong') }
  await app.inject({ url: '/vault', headers })
  await app.inject({ url: '/vault', headers })
  t.match(eventsIn(log), [
    { msg: 'credentials refused', account: 'admin' },
    { level: 'warn', msg: 'failed-login limit reached', account: 'admin', client: '127.0.0.1' },
  ])
})

t.test('a request of an account without the scope has an event', async (t) => {
  const { app, log } = await buildLogged(t, {
    AUTH_USERS: `reader::${await hashPassword('correct horse battery')}`,
    AUTH_TOKENS: `robot::${digestToken('a-token')}`,
  })
  for (const authorization of ['Bearer a-token', basic('reader:correct horse battery')]) {
    const headers = { authorization }
    const reply = await app.inject({ method: 'POST', url: '/notes', headers, payload: NOTE })
    t.equal(reply.statusCode, 403)
  }
  const event = { level: 'warn', msg: 'scope missing', scope: 'write', client: '127.0.0.1' }
  t.match(eventsIn(log), [
    { ...event, principal: 'robot' },
    { ...event, principal: 'reader' },
  ])
})

t.test('a refused cross-site write has an event', async (t) => {
  const { app, log } = await buildLogged(t)
  const origin = 'https://evil.example'
  const headers = { 'sec-fetch-site': 'cross-site', origin }
  await app.inject(write('POST', '/notes', headers, NOTE))
  const event = { level: 'warn', msg: 'cross-site write refused', client: '127.0.0.1' }
  t.match(eventsIn(log), [{ ...event, origin, site: 'cross-site' }])
})

t.test('a refused cross-site write has at most 300 characters of each field', async (t) => {
  const { app, log } = await buildLogged(t)
  const headers = { 'sec-fetch-site': 's'.repeat(1_000), origin: `http://${'o'.repeat(1_000)}` }
  await app.inject(write('POST', '/notes', headers, NOTE))
  t.match(eventsIn(log), [{ origin: `http://${'o'.repeat(293)}…`, site: `${'s'.repeat(300)}…` }])
})
