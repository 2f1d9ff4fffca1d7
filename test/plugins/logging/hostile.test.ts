import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import t, { type Test } from 'tap'
import { AUTHORIZATION, buildWith } from '../../app.ts'
import { exchange } from '../../socket.ts'
import '../../fixtures/register.ts'

/** Registers handlers that throw errors and objects with data from the request. */
const failing: FastifyPluginAsync = async (app) => {
  const failures: Record<string, (request: { headers: object; body: unknown }) => unknown> = {
    error: () => new Error('a bug'),
    cause: ({ headers }) => new Error('a bug', { cause: Object.assign(new Error(), { headers }) }),
    request: (request) => Object.assign(new Error('a bug'), { request, config: request }),
    headers: ({ headers }) => ({ ...headers }),
    body: ({ body }) => ({ body }),
    nothing: () => undefined,
  }
  for (const [name, failure] of Object.entries(failures)) {
    app.all(`/fails/${name}`, async (request, reply) => {
      request.log.info({ headers: request.headers }, 'about to fail')
      request.log.debug({ req: request, request, res: reply }, 'about to fail')
      reply.header('set-cookie', `session=${SECRET}`)
      throw failure(request)
    })
  }
  app.get('/shows/:text', async ({ log, params, query }) => {
    log.info({ params, query, [JSON.stringify(params)]: true }, JSON.stringify(query))
    return 'shown'
  })
}

const FAILURES = ['error', 'cause', 'request', 'headers', 'body', 'nothing']

/** Builds the app with LOG_LEVEL=trace and a log file. `close` closes the app and returns the text of the file. */
async function buildLogged(t: Test, environment: Record<string, string> = {}) {
  const file = join(t.testdir(), 'app.log')
  const settings = { LOG_FILE: file, LOG_LEVEL: 'trace', ...environment }
  const app = await buildWith(t, failing, settings, { logDestination: undefined })
  return {
    app,
    async close() {
      await app.close()
      return readFileSync(file, 'utf8')
    },
  }
}

/** Sends text as Latin-1, so that each character is one byte. */
function send(app: FastifyInstance, text: string) {
  return exchange(app, Buffer.from(text, 'latin1'))
}

/** Input that could forge a log line or control a terminal. */
const HARM = [
  '\r\n{"level":"fatal","msg":"forged"}\r\n',
  '\n{"level":"fatal","msg":"forged"}\n',
  '\r',
  '\u001b[2J\u001b]0;owned\u0007',
  '","level":"fatal","msg":"forged',
  '\\',
  '\\u000a',
  '%0d%0a%22forged%22',
  '\xff\xfe\xc3(',
  '\xe2\x80\xa8\xe2\x80\xa9',
  '\0\b\f\x7f\x80\x9b',
  '\x9b2J\x9d0;owned\x9c\x85',
  '%9B',
  '%C2%9B2J%C2%85%7F%E2%80%A8',
  '\xc2\x9b2J\xc2\x85\x7f\xe2\x80\xa8',
  '{{}}%s%j%d%o',
]

/** Control characters that could affect a terminal, and line ends of other programs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the test searches for them
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029]/

const END = 'Host: localhost\r\nConnection: close\r\n'
const POST = `POST /files HTTP/1.1\r\n${END}`

const PLACES: Record<string, (harm: string) => string> = {
  method: (harm) => `G${harm}T /greeting HTTP/1.1\r\n${END}\r\n`,
  path: (harm) => `GET /greeting/${harm} HTTP/1.1\r\n${END}\r\n`,
  parameter: (harm) => `GET /notes/${harm} HTTP/1.1\r\n${END}\r\n`,
  'logged text': (harm) => `GET /shows/${harm}?text=${harm} HTTP/1.1\r\n${END}\r\n`,
  'path of a write': (harm) =>
    `DELETE /notes/${harm} HTTP/1.1\r\n${END}Authorization: ${AUTHORIZATION}\r\n\r\n`,
  query: (harm) => `GET /greeting?name=${harm} HTTP/1.1\r\n${END}\r\n`,
  version: (harm) => `GET /greeting HTTP/1.1${harm}\r\n${END}\r\n`,
  host: (harm) => `GET /greeting HTTP/1.1\r\nHost: ${harm}\r\nConnection: close\r\n\r\n`,
  'field name': (harm) => `GET /greeting HTTP/1.1\r\n${END}X-${harm}: a\r\n\r\n`,
  'field value': (harm) => `GET /fails/headers HTTP/1.1\r\n${END}X-Any: ${harm}\r\n\r\n`,
  'X-Request-Id': (harm) => `GET /greeting HTTP/1.1\r\n${END}X-Request-Id: ${harm}\r\n\r\n`,
  Origin: (harm) => `${POST}Origin: http://${harm}\r\nContent-Length: 0\r\n\r\n`,
  'Sec-Fetch-Site': (harm) =>
    `${POST}Sec-Fetch-Site: cross-site${harm}\r\nContent-Length: 0\r\n\r\n`,
  'X-Forwarded-For': (harm) => `GET /greeting HTTP/1.1\r\n${END}X-Forwarded-For: ${harm}\r\n\r\n`,
  Authorization: (harm) => `GET /vault HTTP/1.1\r\n${END}Authorization: Basic ${harm}\r\n\r\n`,
  credentials: (harm) =>
    `GET /vault HTTP/1.1\r\n${END}Authorization: Basic ${Buffer.from(harm, 'latin1').toString('base64')}\r\n\r\n`,
  'user name': (harm) =>
    `GET /vault HTTP/1.1\r\n${END}Authorization: Basic ${Buffer.from(`${harm}:secret`, 'latin1').toString('base64')}\r\n\r\n`,
  Cookie: (harm) => `GET /fails/headers HTTP/1.1\r\n${END}Cookie: a=${harm}\r\n\r\n`,
  Accept: (harm) => `GET /greeting HTTP/1.1\r\n${END}Accept: ${harm}\r\n\r\n`,
  traceparent: (harm) => `GET /greeting HTTP/1.1\r\n${END}traceparent: 00-${harm}-01\r\n\r\n`,
  'Content-Type': (harm) => `${POST}Content-Type: ${harm}\r\nContent-Length: 1\r\n\r\na`,
  'Idempotency-Key': (harm) =>
    `${POST}Content-Type: text/plain\r\nIdempotency-Key: ${harm}\r\nContent-Length: 1\r\n\r\na`,
  body: (harm) =>
    `POST /mirror HTTP/1.1\r\n${END}Content-Type: application/json\r\nContent-Length: ${harm.length}\r\n\r\n${harm}`,
  member: (harm) => {
    const body = JSON.stringify({ [harm]: harm })
    const fields = `Content-Type: application/json\r\nContent-Length: ${body.length}`
    return `POST /fails/body HTTP/1.1\r\n${END}${fields}\r\n\r\n${body}`
  },
  chunk: (harm) => `${POST}Transfer-Encoding: chunked\r\n\r\n${harm}\r\n`,
}

for (const [place, write] of Object.entries(PLACES)) {
  t.test(`every line is one JSON object if harmful input is sent as ${place}`, async (t) => {
    const { app, close } = await buildLogged(t, { REQUEST_TIMEOUT: '500', DEBUG: 'true' })
    for (const harm of HARM) await send(app, write(harm))
    const text = await close()
    const lines = text.split('\n')
    t.equal(lines.pop(), '', 'the last line is complete')
    t.ok(lines.length >= HARM.length)
    for (const line of lines) {
      const parsed = JSON.parse(line)
      t.match(parsed, { level: /^(?:trace|debug|info|warn|error)$/, msg: String })
      if (parsed.msg === 'forged') t.fail(line)
    }
    t.notMatch(text, CONTROL)
  })
}

const SECRET = 'hunter2hunter2'
const SECRET_64 = Buffer.from(`luis:${SECRET}`).toString('base64')

/** Header fields that contain a secret. */
const FIELDS = [
  `Authorization: Basic ${SECRET_64}`,
  `Proxy-Authorization: Bearer ${SECRET}`,
  `Cookie: session=${SECRET}`,
  `Set-Cookie: session=${SECRET}`,
  `X-Api-Key: ${SECRET}`,
  `X-Auth-Token: ${SECRET}`,
  `Idempotency-Key: ${SECRET}`,
  `Referer: http://luis:${SECRET}@h/?token=${SECRET}`,
]

const BODIES: Record<string, string> = {
  'application/json': `{"password":"${SECRET}","message":"${SECRET}","${SECRET}":1}`,
  'application/x-www-form-urlencoded': `password=${SECRET}&token=${SECRET}`,
  'multipart/form-data; boundary=b': `--b\r\nContent-Disposition: form-data; name="${SECRET}"; filename="${SECRET}"\r\n\r\n${SECRET}\r\n--b--\r\n`,
  'application/xml': `<message><password>${SECRET}</password></message>`,
  'text/plain': SECRET,
}

const TARGETS = [
  ...FAILURES.map((name) => `/fails/${name}`),
  '/mirror',
  '/files',
  '/notes',
  '/vault',
  `/notes/${SECRET}`,
  `/nope/${SECRET}`,
  `/%zz${SECRET}`,
  `http://luis:${SECRET}@h/greeting`,
]

for (const DEBUG of ['true', 'false']) {
  t.test(`no secret is logged with DEBUG=${DEBUG}`, async (t) => {
    const { app, close } = await buildLogged(t, { DEBUG })
    const authorized = FIELDS.with(0, `Authorization: ${AUTHORIZATION}`)
    const bearer = FIELDS.with(0, `Authorization: Bearer ${SECRET}`)
    for (const target of TARGETS) {
      const query = `?token=${SECRET}&access_token=${SECRET}&password=${SECRET}`
      for (const fields of [FIELDS, authorized, bearer]) {
        await send(app, `GET ${target}${query} HTTP/1.1\r\n${END}${fields.join('\r\n')}\r\n\r\n`)
        for (const [type, body] of Object.entries(BODIES)) {
          const content = `Content-Type: ${type}\r\nContent-Length: ${body.length}`
          const head = `POST ${target}${query} HTTP/1.1\r\n${END}${fields.join('\r\n')}\r\n${content}`
          await send(app, `${head}\r\n\r\n${body}`)
        }
      }
    }
    const text = await close()
    t.ok(text.split('\n').length > 200)
    for (const secret of [SECRET, SECRET_64, AUTHORIZATION.slice('Basic '.length)]) {
      const lines = text.split('\n').filter((line) => line.includes(secret))
      t.same([...new Set(lines.map((line) => line.slice(0, 2_000)))].slice(0, 5), [])
    }
  })
}
