import { join } from 'node:path'
import autoload from '@fastify/autoload'
import fastify, { type FastifyInstance, type FastifyServerOptions, LogController } from 'fastify'
import type { DestinationStream } from 'pino'
import type { TSchema } from 'typebox'
import { inOrder, sendClientError } from '../plugins/connection.ts'
import { sendFrameworkError } from '../plugins/errors.ts'
import { createLogger, createRequestLogger } from '../plugins/logging.ts'
import { whileThereIsTime } from '../plugins/pressure.ts'
import { type Authenticate, createAuthenticate } from './auth/authenticate.ts'
import type { Config } from './config.ts'
import { NO_DATA } from './http/body.ts'
import { createServer } from './http/node-http.ts'
import { requestId } from './http/request-id.ts'
import { originForm } from './http/request-target.ts'
import { buildSerializer } from './http/serializer.ts'
import { compileValidator } from './http/validation.ts'
import { RESOURCES } from './resources.ts'

export interface AppOptions {
  /** Replaces the check of credentials against AUTH_USERS and AUTH_TOKENS. */
  authenticate?: Authenticate
  /** Takes the log as JSON lines, in place of what the configuration says. */
  logDestination?: DestinationStream
}

declare module 'fastify' {
  interface FastifyInstance {
    config: Config
    authenticate: Authenticate
  }
}

/**
 * Builds the service: the same to listen with, to inject requests into and to embed. Until one of
 * these is done, more plugins and routes can be registered on it.
 *
 * @throws {StorageError} where the database cannot be used.
 */
export async function buildApp(config: Config, options: AppOptions = {}): Promise<FastifyInstance> {
  const app = fastify({
    ...factoryOptions(config),
    loggerInstance: createLogger(config, options.logDestination),
  })
  app.setValidatorCompiler<TSchema>(({ schema, httpPart = 'body', contentType = '' }) =>
    NO_DATA.includes(contentType) ? (value) => ({ value }) : compileValidator(schema, httpPart),
  )
  const { authenticate } = options
  // whose accounts are elsewhere has none of the tutorial's
  app.decorate('config', authenticate ? { ...config, IS_TUTORIAL: false } : config)
  app.decorate(
    'authenticate',
    authenticate ?? createAuthenticate(config.AUTH_USERS, config.AUTH_TOKENS),
  )
  await app.register(autoload, { dir: join(import.meta.dirname, '../plugins') })
  for (const { routes } of RESOURCES) {
    await app.register(autoload, { dir: routes, dirNameRoutePrefix: false })
  }
  return app
}

/** How long an idle connection is kept, in milliseconds: longer than load balancers keep theirs. */
const KEEP_ALIVE_TIMEOUT = 72_000

/** After how many a connection ends, as nginx has it: so many at most wait for their turn on it. */
const REQUESTS_PER_CONNECTION = 1_000

/** How often slow requests are looked for, in milliseconds. */
const CHECKING_INTERVAL = 1_000

/** What every server of the service has in common. */
export function factoryOptions(config: Config): FastifyServerOptions {
  return {
    bodyLimit: config.BODY_LIMIT,
    clientErrorHandler: sendClientError,
    frameworkErrors: sendFrameworkError,
    genReqId: (request) => requestId(request.headers['x-request-id']),
    // a migration takes as long as it takes, and who starts meanwhile waits for it
    pluginTimeout: 0,
    rewriteUrl: ({ url = '' }) => originForm(url),
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: createRequestLogger,
    return503OnClosing: false,
    // an empty list would be taken for one
    trustProxy: config.TRUST_PROXY.length > 0 && config.TRUST_PROXY,
    schemaController: { compilersFactory: { buildSerializer } },
    // one server whatever HOST is: Fastify would give a second one, for localhost, no listeners
    serverFactory: (handler) => {
      const server = createServer({
        requireHostHeader: false, // refused in plugins/framing.ts, with an error document
        keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
        requestTimeout: config.REQUEST_TIMEOUT,
        headersTimeout: config.REQUEST_TIMEOUT,
        connectionsCheckingInterval: Math.min(config.REQUEST_TIMEOUT, CHECKING_INTERVAL),
      })
      server.on('request', inOrder(whileThereIsTime(server, handler)))
      server.maxConnections = config.MAX_CONNECTIONS
      server.maxHeadersCount = 0 // within 16 KiB; some Nodes drop what is beyond, and with it a second Host
      server.maxRequestsPerSocket = REQUESTS_PER_CONNECTION
      return server
    },
  }
}
