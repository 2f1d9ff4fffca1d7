import type {
  FastifyInstance,
  FastifyPluginAsync,
  InjectOptions,
  LightMyRequestResponse,
} from 'fastify'
import type { Test } from 'tap'
import { type AppOptions, buildApp } from '../src/app.ts'
import { type OwnAuthentication, parseConfig } from '../src/config.ts'
import { databaseUrl, TEST_TIMEOUT_MS } from './engines.ts'
import { openApiViolations } from './openapi/responses.ts'
import { securityOf } from './page.ts'

type Environment = Record<string, string>
type BuildOptions = AppOptions & OwnAuthentication

/** Log destination that keeps the parsed lines. */
export interface Log {
  lines: Record<string, unknown>[]
  write(line: string): void
}

export function createLog(): Log {
  const lines: Record<string, unknown>[] = []
  return { lines, write: (line) => void lines.push(JSON.parse(line)) }
}

/**
 * Environment variables that disable the limits on requests, failed logins and event-loop time. Tests send many
 * requests from one address, and the machine may be slow.
 */
export const UNLIMITED = { AUTH_FAILURE_LIMIT: '0', RATE_LIMIT: '0', EVENT_LOOP_BUDGET_MS: '0' }

/**
 * An account with the name and password of the tutorial's, but with a hash of its own. With this account, the service
 * accepts all hosts, TRUST_PROXY, and `*` as CORS_ORIGIN.
 */
export const ACCOUNT = {
  AUTH_USERS:
    'admin:write:$argon2id$v=19$m=19456,t=2,p=1$lc+cPYv71EAxhk/pgpzeuw$vk6yl/8BlI/48vQPE4esxMzrdT5w3WxGvbyM9y4CW0A',
}

/** Builds the app as in production, with a database of its own, and closes it when the test ends. */
export async function build(
  t: Test,
  environment: Environment = {},
  { authenticate, schemes, ...options }: BuildOptions = {},
): Promise<FastifyInstance> {
  const variables = {
    DATABASE_URL: await databaseUrl(t),
    DATABASE_TIMEOUT: String(TEST_TIMEOUT_MS),
    ...UNLIMITED,
    ...(isExposed(environment) && ACCOUNT),
    ...environment,
  }
  const config = parseConfig(variables, {
    ...(authenticate && { authenticate }),
    ...(schemes && { schemes }),
  })
  const app = await buildApp(config, { logDestination: createLog(), ...options })
  t.teardown(() => app.close())
  return app
}

/** Returns true if the service refuses to start with the tutorial's accounts. */
function isExposed({ TRUST_PROXY, CORS_ORIGIN }: Environment): boolean {
  return Boolean(TRUST_PROXY) || CORS_ORIGIN === '*'
}

/** Builds the app like build(), and adds the given routes. */
export async function buildWith(
  t: Test,
  routes: FastifyPluginAsync,
  ...parameters: [environment?: Environment, options?: BuildOptions]
): Promise<FastifyInstance> {
  const app = await build(t, ...parameters)
  await app.register(routes)
  return app
}

/** Credentials of the tutorial's account, which has the scope `write`. */
export const AUTHORIZATION = `Basic ${Buffer.from('admin:secret').toString('base64')}`

/** Returns a write request with credentials. */
export function write(
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  url: string,
  fields: object = {},
  payload?: object | string,
) {
  const headers = { authorization: AUTHORIZATION, ...fields }
  return { method, url, headers, ...(payload && { payload }) }
}

/** Returns a PATCH request with credentials. By default, If-Match has the ETag of the first version. */
export function patch(url: string, type: string, change: unknown, fields: object = {}) {
  const headers = { 'content-type': type, 'if-match': '"1-json"', ...fields }
  return write('PATCH', url, headers, JSON.stringify(change))
}

/** Expected response. A string body is compared as text, an object as JSON. */
export interface Expected {
  status?: number
  type?: string
  headers?: Record<string, string | string[] | undefined>
  body?: string | object
}

/**
 * Sends a request and compares the response with the expected one. Also checks what every response must have:
 * X-Request-Id, Content-Type, `Vary`, `Cache-Control`, the security header fields, and agreement with the OpenAPI
 * document.
 */
export async function expectReply(
  t: Test,
  app: FastifyInstance,
  request: InjectOptions,
  { status = 200, type, headers = {}, body }: Expected,
): Promise<LightMyRequestResponse> {
  const reply = await app.inject(request)
  const label = `${request.method ?? 'GET'} ${String(request.url)}`
  t.equal(reply.statusCode, status, `${label} returns ${status}`)
  t.match(reply.headers['x-request-id'], /^[\w.~+/=:-]{1,128}$/, `${label} returns X-Request-Id`)
  t.match(reply.headers.vary, /\bAccept\b/, `${label} returns Vary with Accept`)
  const isCacheControl = status < 400 ? /./ : /^no-store$/
  t.match(reply.headers['cache-control'], isCacheControl, `${label} returns Cache-Control`)
  if (status === 204) t.notOk(reply.headers['content-type'], `${label} returns no Content-Type`)
  else t.ok(reply.headers['content-type'], `${label} returns a Content-Type`)
  if (type !== undefined) t.equal(reply.headers['content-type'], type, `${label} returns ${type}`)
  for (const [name, value] of Object.entries({
    ...securityOf(reply.headers['content-type']),
    ...headers,
  })) {
    t.same(reply.headers[name], value, `${label} returns the expected ${name}`)
  }
  if (typeof body === 'string') t.equal(reply.body, body, `${label} returns the expected text`)
  else if (body !== undefined) t.same(reply.json(), body, `${label} returns the expected JSON`)
  const violations = openApiViolations(
    app,
    { method: request.method ?? 'GET', url: String(request.url) },
    reply,
  )
  t.same(violations, [], `${label} returns what the OpenAPI document declares`)
  return reply
}
