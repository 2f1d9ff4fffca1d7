/** The service's logger: pino with redacted credentials. Request lines are written without pino. */
import type { IncomingMessage } from 'node:http'
import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify'
import pino, {
  type Bindings,
  type ChildLoggerOptions,
  type DestinationStream,
  type Level,
  type Logger,
} from 'pino'
import { type Static, Type } from 'typebox'
import { CREDENTIAL_FIELDS } from '../../src/http/credentials.ts'
import { clientRequestId } from '../../src/http/request-id.ts'
import { parseOptions } from '../../src/plugin-options.ts'
import { describeError } from './describe-error.ts'
import { openDestination } from './destination.ts'
import {
  clientMember,
  clientRequestIdMember,
  isoTime,
  type RequestLine,
  writeRequestLine,
} from './request-line.ts'
import { writeTargetOf } from './write-target.ts'

export const LoggingOptions = Type.Object({
  level: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    default: 'info',
    description:
      'Minimum level of the log lines that are written: trace, debug, info, warn, error, ' +
      'fatal, or silent for none.',
  }),
  file: Type.String({
    default: '',
    description:
      'File to append log lines to, instead of standard output. If standard output is a ' +
      'terminal, it also gets the lines, in a readable form.',
  }),
  rotateSizeBytes: Type.Integer({
    default: 104_857_600,
    minimum: 0,
    description: 'Size in bytes at which LOG_FILE is rotated; 0 disables rotation by size.',
  }),
  rotateInterval: Type.Enum(['never', 'hourly', 'daily'], {
    default: 'never',
    description:
      'When to rotate LOG_FILE: never, hourly (at the start of each hour) or daily (at ' +
      'midnight). Times are in UTC.',
  }),
  keptFiles: Type.Integer({
    default: 10,
    minimum: 0,
    maximum: 10_000,
    description: 'Number of rotated log files to keep; 0 keeps all files.',
  }),
  clientAddress: Type.Enum(['full', 'network'], {
    default: 'full',
    description:
      'Addresses of clients in the log: full, or only the network (/24 for IPv4, /48 for IPv6) ' +
      'for privacy.',
  }),
})
export type LoggingOptions = Partial<Static<typeof LoggingOptions>>

/**
 * Members that are redacted, up to two levels deep in a logged object. They may contain credentials, a URL with
 * credentials, or an Idempotency-Key, with which anyone could read the response.
 */
const REDACTED = [...CREDENTIAL_FIELDS, 'idempotency-key', 'password', 'referer', 'token']

/**
 * Creates the logger: readable lines on a terminal, otherwise JSON lines on standard output or in a file.
 *
 * @param destination receives the JSON lines instead, for tests
 * @throws {ConfigError} if the file cannot be written
 */
export function createLogger(
  given: LoggingOptions = {},
  destination?: DestinationStream,
): FastifyBaseLogger {
  const options = parseOptions('logging', LoggingOptions, given)
  return pino(
    {
      level: options.level,
      timestamp: () => `,"time":"${isoTime()}"`,
      redact: REDACTED.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.headers["${name}"]`]),
      serializers: {
        err: (error: unknown) => describeError(error),
        req: describeRequest,
        request: describeRequest,
      },
      formatters: { level: (label: string) => ({ level: label }) },
    },
    destination ?? openDestination(options.file, options, process.stdout.isTTY),
  )
}

/** Replaces Fastify's serializer of requests, which would log the URL. */
function describeRequest(request: FastifyRequest | Record<string, unknown>): object {
  const { method, routeOptions } = request
  return routeOptions ? { method, route: Object(routeOptions).url } : request
}

/**
 * Fastify's `childLoggerFactory`: creates the logger of a request.
 *
 * `logger.child` would search the request id for credentials, which takes longer than writing a line.
 */
export function createRequestLogger(
  logger: FastifyBaseLogger,
  bindings: Bindings,
  options: ChildLoggerOptions,
  { headers }: Pick<IncomingMessage, 'headers'>,
): FastifyBaseLogger {
  const { reqId } = bindings
  const claimed = clientRequestId(headers, reqId)
  const hasOptions = Object.keys(options).length > 0
  const child = (
    hasOptions ? logger.child(bindings, options) : Object.create(logger)
  ) as RequestLogger // created by pino
  if (!hasOptions) child[BINDINGS] += `,"reqId":${JSON.stringify(reqId)}`
  if (claimed !== undefined) child[BINDINGS] += clientRequestIdMember(claimed)
  return child
}

/** Adds the address of the client to every further line of a request. A logger that is not pino's stays as it is. */
export function bindClient(request: FastifyRequest, address: string): void {
  const log = request.log as RequestLogger // checked below
  if (log[BINDINGS] !== undefined) log[BINDINGS] += clientMember(address)
}

// Keys of a pino logger's stream and bindings. Pino exports them for code that writes log lines itself.
const STREAM: typeof pino.symbols.streamSym = pino.symbols.streamSym
const BINDINGS: typeof pino.symbols.chindingsSym = pino.symbols.chindingsSym

/** A child of the logger that `createLogger` returns. */
interface RequestLogger extends FastifyBaseLogger {
  isLevelEnabled(level: string): boolean
  [STREAM]: DestinationStream
  /** Members that every line of this logger contains, as JSON with a leading comma. */
  [BINDINGS]: string
}

/**
 * Logs the end of a request.
 *
 * pino would build an object per line and search it for credentials, which takes longer than all hooks. A
 * logger that is not pino's is called as usual.
 */
export function logRequest(
  request: FastifyRequest,
  { status, durationMs, message }: Pick<RequestLine, 'status' | 'durationMs' | 'message'>,
  reply: FastifyReply | undefined,
): void {
  const { method, routeOptions } = request
  const route = routeOptions.url ?? null
  const level: Level = routeOptions.config?.logLevel ?? 'info'
  const log = request.log as RequestLogger // checked below
  const principal = request.principal?.name
  if (!log[STREAM]) {
    const target = writeTargetOf(request, reply)
    log[level]({ method, route, status, durationMs, principal, ...target }, message)
    return
  }
  if (!log.isLevelEnabled(level)) return
  const target = writeTargetOf(request, reply)
  const line = { method, route, status, durationMs, message, principal, target }
  log[STREAM].write(writeRequestLine(level, log[BINDINGS], line))
}

/** Calls back when all previous lines are written. */
export function flushLog(log: FastifyBaseLogger, done: () => void): void {
  const { flush } = log as Partial<Logger> // Fastify's type does not include `flush`
  if (flush) flush.call(log, () => done())
  else done()
}
