import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import pino, { type DestinationStream, type Logger, type TransportTargetOptions } from 'pino'
import type { Config } from '../src/config.ts'

/**
 * Logging: the tutorial's "Simple Debug & Logging", its `app.log` included.
 *
 * Every request leaves one line with its id, method, route, status and duration. The id is the
 * client's X-Request-Id where that is valid, and goes back in the reply, so that a client's report
 * leads to the line. The route is logged and not the URL: a URL is a client's, and may hold a secret.
 */
export default fp(
  async (app) => {
    app.addHook('onRequest', (request, reply, done) => {
      reply.header('x-request-id', request.id)
      done()
    })
    app.addHook('onResponse', logRequest)
    app.addHook('onRequestAbort', (request, done) => {
      request.log.info(
        { method: request.method, route: request.routeOptions.url },
        'request aborted',
      )
      done()
    })
    app.addHook('onClose', (instance, done) => flush(instance.log as Logger, done))
  },
  { name: 'logging' },
)

function logRequest(request: FastifyRequest, reply: FastifyReply, done: () => void) {
  request.log.info(
    {
      method: request.method,
      route: request.routeOptions.url ?? null,
      status: reply.statusCode,
      durationMs: Number(reply.elapsedTime.toFixed(3)),
    },
    'request completed',
  )
  done()
}

function flush(log: Logger, done: () => void) {
  log.flush(() => done())
}

/** Members that hold credentials, wherever a handler may log them. */
const CREDENTIALS = ['authorization', 'cookie', 'password', 'token', 'set-cookie']

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
    formatters: { level: (label: string) => ({ level: label }) },
  }
  if (destination) return pino(options, destination)
  const targets = logTargets(config, process.stdout.isTTY)
  if (targets.length === 0) return pino(options)
  // the thread of a transport writes the level's number: a formatter cannot cross
  return pino({ ...options, formatters: {} }, pino.transport({ targets }))
}

/** Where lines go through a worker; none means straight to standard output. */
export function logTargets(
  { LOG_FILE, LOG_LEVEL }: Pick<Config, 'LOG_FILE' | 'LOG_LEVEL'>,
  isTerminal: boolean,
): TransportTargetOptions[] {
  const file = {
    target: 'pino/file',
    level: LOG_LEVEL,
    options: { destination: LOG_FILE, mkdir: true },
  }
  const terminal = { target: 'pino-pretty', level: LOG_LEVEL, options: { ignore: 'pid,hostname' } }
  return [...(LOG_FILE ? [file] : []), ...(isTerminal ? [terminal] : [])]
}
