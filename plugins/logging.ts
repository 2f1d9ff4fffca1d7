import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { inspect } from 'node:util'
import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import pino, {
  type Bindings,
  type ChildLoggerOptions,
  type DestinationStream,
  type Logger,
} from 'pino'
import { type Config, ConfigError } from '../src/config.ts'
import { messageOf } from '../src/error-message.ts'
import { CREDENTIAL_FIELDS } from '../src/http/credentials.ts'
import { createLineWriter, type LineWriter } from '../src/log/line-writer.ts'
import { isoTime, type RequestLine, writeRequestLine } from '../src/log/request-line.ts'
import { rotatingFile, STANDARD_OUTPUT } from '../src/log/targets.ts'
import { abortedStatus, CLIENT_CLOSED } from './connection.ts'

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
      const status = abortedStatus(request)
      // a refusal has left its own
      if (status === CLIENT_CLOSED) {
        log(request, status, performance.now() - request.arrivedAt, 'request aborted')
      }
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

/** Leaves the line of a request that was answered. */
export function logRequest(request: FastifyRequest, reply: FastifyReply) {
  log(request, reply.statusCode, reply.elapsedTime, 'request completed')
}

/**
 * Writes the line as the logger would. That one makes objects of it and looks through each for
 * credentials, which takes longer than everything else that a request needs.
 */
function log(request: FastifyRequest, status: number, milliseconds: number, message: string) {
  const { url: route = null, config } = request.routeOptions
  const level = config?.logLevel ?? 'info'
  const log = request.log as RequestLogger
  if (!log.isLevelEnabled(level)) return
  const line: RequestLine = { method: request.method, route, status, milliseconds, message }
  log[STREAM].write(writeRequestLine(level, log[BINDINGS], line))
}

// what pino has for whoever writes in its place
const STREAM: typeof pino.symbols.streamSym = pino.symbols.streamSym
const BINDINGS: typeof pino.symbols.chindingsSym = pino.symbols.chindingsSym

/**
 * Makes the logger of a request, as `logger.child` does. That one looks for credentials in an id, which
 * takes longer than to write the line.
 */
export function createRequestLogger(
  logger: FastifyBaseLogger,
  bindings: Bindings,
  options: ChildLoggerOptions,
): FastifyBaseLogger {
  if (Object.keys(options).length > 0) return logger.child(bindings, options)
  const child: RequestLogger = Object.create(logger)
  child[BINDINGS] += `,"reqId":${JSON.stringify(bindings.reqId)}`
  return child
}

/** Every child of the logger that `createLogger` makes. */
interface RequestLogger extends FastifyBaseLogger {
  isLevelEnabled(level: string): boolean
  [STREAM]: DestinationStream
  /** What every line of the logger has, as JSON behind a comma. */
  [BINDINGS]: string
}

function flush(log: Logger, done: () => void) {
  log.flush(() => done())
}

/**
 * Members that hold credentials, or a URL that may, as far as two levels into what a handler logs. Who
 * knows an Idempotency-Key can ask for the answer that it got.
 */
const CREDENTIALS = [...CREDENTIAL_FIELDS, 'idempotency-key', 'password', 'referer', 'token']

/** How far into causes of causes the log follows: an error can be its own cause. */
const CAUSES_LIMIT = 5

/**
 * Says what was thrown, whatever it was. Members that others put on an error, or throw in place of one,
 * are left out: a failed call to another service may carry its credentials.
 */
function describeError(error: unknown, depth = 0): object {
  if (!(error instanceof Error)) return { message: inspect(error, { depth: -1 }) }
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

/** In place of Fastify's own, which has the URL. */
function describeRequest(request: FastifyRequest | Record<string, unknown>): object {
  const { method, routeOptions } = request
  return routeOptions ? { method, route: Object(routeOptions).url } : request
}

/**
 * Makes the service's logger: readable lines on a terminal, JSON lines anywhere else, and in
 * LOG_FILE.
 *
 * @param destination takes the JSON lines in place of all of these, as tests do.
 */
export function createLogger(config: Config, destination?: DestinationStream): FastifyBaseLogger {
  const options = {
    level: config.LOG_LEVEL,
    timestamp: () => `,"time":"${isoTime()}"`,
    redact: CREDENTIALS.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.headers["${name}"]`]),
    serializers: {
      err: (error: unknown) => describeError(error),
      req: describeRequest,
      request: describeRequest,
    },
    formatters: { level: (label: string) => ({ level: label }) },
  }
  return pino(options, destination ?? openDestination(config, process.stdout.isTTY))
}

/**
 * Opens where the lines go. What writes for people's eyes runs in a worker.
 *
 * @throws {ConfigError} where LOG_FILE cannot be written.
 */
export function openDestination(config: Config, isTerminal: boolean): DestinationStream {
  const { LOG_FILE, LOG_ROTATE_SIZE, LOG_ROTATE_INTERVAL, LOG_KEEP } = config
  if (LOG_FILE) checkLogFile(LOG_FILE)
  const rotation = { size: LOG_ROTATE_SIZE, interval: LOG_ROTATE_INTERVAL, keep: LOG_KEEP }
  const target = LOG_FILE ? rotatingFile(LOG_FILE, rotation) : STANDARD_OUTPUT
  if (!isTerminal) return createLineWriter(target)
  const terminal = openTerminal()
  return LOG_FILE ? both(createLineWriter(target), terminal) : terminal
}

function both(writer: LineWriter, terminal: DestinationStream) {
  return {
    ...writer,
    write(line: string) {
      writer.write(line)
      terminal.write(line)
    },
  }
}

/** A terminal that is gone is no reason to stop serving. */
function openTerminal(): DestinationStream {
  const options = { ignore: 'pid,hostname', singleLine: true }
  const transport = pino.transport({ target: 'pino-pretty', options })
  transport.on('error', (error: Error) => console.error(`the log is lost: ${error.message}`))
  return transport
}

function checkLogFile(file: string) {
  try {
    mkdirSync(dirname(file), { recursive: true })
    closeSync(openSync(file, 'a+'))
  } catch (error) {
    throw new ConfigError(`LOG_FILE is ${JSON.stringify(file)}: ${messageOf(error)}`)
  }
}
