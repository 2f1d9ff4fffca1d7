import type {
  FastifyInstance,
  FastifyPluginAsync,
  InjectOptions,
  LightMyRequestResponse,
} from 'fastify'
import type { Test } from 'tap'
import { type AppOptions, buildApp } from '../src/app.ts'
import { parseConfig } from '../src/config.ts'
import { databaseUrl, PATIENCE } from './engines.ts'
import { openApiViolations } from './openapi/responses.ts'
import { securityOf } from './page.ts'

type Environment = Record<string, string>

/** A log that a test can read: the lines so far, parsed. */
export interface Log {
  lines: Record<string, unknown>[]
  write(line: string): void
}

export function createLog(): Log {
  const lines: Record<string, unknown>[] = []
  return { lines, write: (line) => void lines.push(JSON.parse(line)) }
}

/** Tests are one client that makes many requests, and can wait on a machine that is busy. */
export const UNLIMITED = { AUTH_FAILURE_LIMIT: '0', RATE_LIMIT: '0', EVENT_LOOP_BUDGET_MS: '0' }

/** Builds the service as production does, on a database of its own, and closes it with the test. */
export async function build(
  t: Test,
  environment: Environment = {},
  options: AppOptions = {},
): Promise<FastifyInstance> {
  const config = parseConfig({
    DATABASE_URL: await databaseUrl(t),
    DATABASE_TIMEOUT: String(PATIENCE),
    ...UNLIMITED,
    ...environment,
  })
  const app = await buildApp(config, { logDestination: createLog(), ...options })
  t.teardown(() => app.close())
  return app
}

/** Builds the service with routes of the test's own besides, for what no shipped route does. */
export async function buildWith(
  t: Test,
  routes: FastifyPluginAsync,
  ...parameters: [environment?: Environment, options?: AppOptions]
): Promise<FastifyInstance> {
  const app = await build(t, ...parameters)
  await app.register(routes)
  return app
}

/** The tutorial's credentials, which may write. */
export const AUTHORIZATION = `Basic ${Buffer.from('admin:secret').toString('base64')}`

/** A write by someone who may. */
export function write(
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  url: string,
  fields: object = {},
  payload?: object | string,
) {
  const headers = { authorization: AUTHORIZATION, ...fields }
  return { method, url, headers, ...(payload && { payload }) }
}

/** A patch by someone who may, of the version that the tutorial's resources have at first. */
export function patch(url: string, type: string, change: unknown, fields: object = {}) {
  const headers = { 'content-type': type, 'if-match': '"1-json"', ...fields }
  return write('PATCH', url, headers, JSON.stringify(change))
}

/** What a test expects of a reply; a body is compared as text, or as JSON where an object is given. */
export interface Expected {
  status?: number
  type?: string
  headers?: Record<string, string | string[] | undefined>
  body?: string | object
}

/**
 * Sends a request and checks the reply against what is expected of it, and against what every reply
 * must hold: a request id, a media type that is meant, `Vary`, and what keeps a browser from doing more
 * than to show it.
 */
export async function expectReply(
  t: Test,
  app: FastifyInstance,
  request: InjectOptions,
  { status = 200, type, headers = {}, body }: Expected,
): Promise<LightMyRequestResponse> {
  const reply = await app.inject(request)
  const label = `${request.method ?? 'GET'} ${String(request.url)}`
  t.equal(reply.statusCode, status, `${label} answers ${status}`)
  t.match(reply.headers['x-request-id'], /^[\w.~+/=:-]{1,128}$/, 'it carries a request id')
  t.match(reply.headers.vary, /\bAccept\b/, 'it varies with Accept')
  if (status === 204) t.notOk(reply.headers['content-type'], 'no content has no media type')
  else t.ok(reply.headers['content-type'], 'it has a media type')
  if (type !== undefined) t.equal(reply.headers['content-type'], type, `as ${type}`)
  for (const [name, value] of Object.entries({
    ...securityOf(reply.headers['content-type']),
    ...headers,
  })) {
    t.same(reply.headers[name], value, `with ${name}`)
  }
  if (typeof body === 'string') t.equal(reply.body, body, 'with that text')
  else if (body !== undefined) t.same(reply.json(), body, 'with that document')
  const violations = openApiViolations(
    app,
    { method: request.method ?? 'GET', url: String(request.url) },
    reply,
  )
  t.same(violations, [], 'as the OpenAPI document declares')
  return reply
}
