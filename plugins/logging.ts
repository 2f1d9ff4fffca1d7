import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { inspect } from 'node:util'
import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import pino, { type DestinationStream, type Logger, type TransportSingleOptions } from 'pino'
import { type Config, ConfigError } from '../src/config.ts'
import { messageOf } from '../src/error-message.ts'
import { CREDENTIAL_FIELDS } from '../src/http/credentials.ts'

/**
 * Logging: the tutorial's "Simple Debug & Logging", its `app.log` included.
 *
 * Every request leaves one line with its id, method, route, status and duration. The id is the
 * client's X-Request-Id where that is valid, and goes back in the reply, so that a client's report
 * leads to the line. The route is logged and not the URL: a URL is a client's, and may hold a secret.
 */
export default fp(
  async (app) => {
    app.decorateRequest('arrivedAt', 0)
    app.addHook('onRequest', (request, reply, done) => {
      request.arrivedAt = performance.now()
      reply.header('x-request-id', request.id)
      done()
    })
    app.addHook('onResponse', (request, reply, done) => {
      logRequest(request, reply)
      done()
    })
    app.addHook('onRequestAbort', (request, done) => {
      log(request, CLIENT_CLOSED, performance.now() - request.arrivedAt, 'request aborted')
      done()
    })
    // createLogger made it: Fastify's type leaves `flush` out
    app.addHook('onClose', (instance, done) => flush(instance.log as Logger, done))
  },
  // whose trace is in the lines
  { name: 'logging', dependencies: ['tracing'] },
)

declare module 'fastify' {
  interface FastifyRequest {
    /** When the head was read, in milliseconds of `performance.now()`. */
    arrivedAt: number
  }
  interface FastifyContextConfig {
    /** How severe the lines of the route's requests are, in place of info. */
    logLevel?: 'debug'
  }
}

/** The status of a request whose client left before its answer; nginx made it up, and tools know it. */
export const CLIENT_CLOSED = 499

/** Leaves the line of a request that was answered. */
export function logRequest(request: FastifyRequest, reply: FastifyReply) {
  log(request, reply.statusCode, reply.elapsedTime, 'request completed')
}

function log(request: FastifyRequest, status: number, milliseconds: number, message: string) {
  const { url: route = null, config } = request.routeOptions
  request.log[config?.logLevel ?? 'info'](
    { method: request.method, route, status, durationMs: Number(milliseconds.toFixed(3)) },
    message,
  )
}

function flush(log: Logger, done: () => void) {
  log.flush(() => done())
}

/** Members that hold credentials, as far as two levels into what a handler logs. */
const CREDENTIALS = [...CREDENTIAL_FIELDS, 'password', 'token']

/** How far into causes of causes the log follows: an error can be its own cause. */
const CAUSES_LIMIT = 5

/**
 * Says what was thrown, whatever it was. Members that others put on an error are left out: a failed
 * call to another service may carry its credentials.
 */
function describeError(error: unknown, depth = 0): object {
  if (!(error instanceof Error)) return { message: inspect(error) }
  const { name, message, stack } = error
  const inner = (each: unknown) => describeError(each, depth + 1)
  return {
    type: name,
    code: Reflect.get(error, 'code'),
    message,
    stack,
    ...(depth < CAUSES_LIMIT && error.cause !== undefined && { cause: inner(error.cause) }),
    ...(depth < CAUSES_LIMIT &&
      error instanceof AggregateError && { errors: error.errors.map(inner) }),
  }
}

/**
 * Makes the service's logger: readable lines on a terminal, JSON lines anywhere else, and in
 * LOG_FILE, through a worker that writes apart from the requests.
 *
 * @param destination takes the JSON lines in place of all of these, as tests do.
 */
export function createLogger(config: Config, destination?: DestinationStream): FastifyBaseLogger {
  const options = {
    level: config.LOG_LEVEL,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: CREDENTIALS.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.headers["${name}"]`]),
    serializers: { err: (error: unknown) => describeError(error) },
    formatters: { level: (label: string) => ({ level: label }) },
  }
  return pino(options, destination ?? openDestination(config, process.stdout.isTTY))
}

/**
 * Opens where the lines go. What writes to a file or for people's eyes runs in a worker.
 *
 * @throws {ConfigError} where LOG_FILE cannot be written: the worker would find out too late to say so.
 */
export function openDestination({ LOG_FILE }: Config, isTerminal: boolean): DestinationStream {
  const streams: DestinationStream[] = []
  if (LOG_FILE) {
    checkLogFile(LOG_FILE)
    streams.push(openTransport({ target: 'pino/file', options: { destination: LOG_FILE } }))
  }
  if (isTerminal) {
    const options = { ignore: 'pid,hostname', singleLine: true }
    streams.push(openTransport({ target: 'pino-pretty', options }))
  }
  const [first = pino.destination(), ...others] = streams
  // the logger has decided on the level by then
  return others.length === 0
    ? first
    : pino.multistream(streams.map((stream) => ({ stream, level: 'trace' })))
}

/** A log that cannot be written any more, on a full disk, is no reason to stop serving. */
function openTransport(options: TransportSingleOptions): DestinationStream {
  const transport = pino.transport(options)
  transport.on('error', (error: Error) => console.error(`the log is lost: ${error.message}`))
  return transport
}

function checkLogFile(file: string) {
  try {
    mkdirSync(dirname(file), { recursive: true })
    closeSync(openSync(file, 'a'))
  } catch (error) {
    throw new ConfigError(`LOG_FILE is ${JSON.stringify(file)}: ${messageOf(error)}`)
  }
}
