/** Options of the Fastify factory for every server of the service, also in tests. */
import type { FastifyServerOptions } from 'fastify'
import { LogController } from 'fastify'
import { sendClientError } from '../plugins/connection/client-errors.ts'
import { closeIdle } from '../plugins/connection/close-idle.ts'
import { limitConnections } from '../plugins/connection/limit-connections.ts'
import { serializePerConnection } from '../plugins/connection/serialize-per-connection.ts'
import { sendFrameworkError } from '../plugins/errors/framework-errors.ts'
import { createRequestLogger } from '../plugins/logging/logger.ts'
import { shedLoad } from '../plugins/overload/gate.ts'
import type { Config } from './config.ts'
import { connectionsWithin, readDescriptorLimit } from './descriptor-limit.ts'
import { createProxyTrust } from './http/client-address.ts'
import { createForwarded } from './http/forwarded.ts'
import { MAX_TARGET_LENGTH } from './http/framing.ts'
import { createServer } from './http/node-http.ts'
import { createRequestIds } from './http/request-id.ts'
import { originForm } from './http/request-target.ts'
import { buildSerializer } from './http/serializer.ts'

/** Maximum number of requests per connection, as in nginx; also limits how many requests can wait on a connection. */
const REQUESTS_PER_CONNECTION = 1_000

/** Interval of checks for requests that arrive too slowly. */
const CHECK_INTERVAL_MS = 1_000

export function fastifyOptions(config: Config): FastifyServerOptions {
  const { server: options } = config
  const reduceForwarded = createForwarded(options)
  return {
    bodyLimit: options.bodyLimitBytes,
    clientErrorHandler: sendClientError,
    frameworkErrors: sendFrameworkError,
    genReqId: createRequestIds(options.trustProxy),
    // No limit, since a start may take long while this process or another process migrates the database.
    pluginTimeout: 0,
    // A segment may be as long as the target. The framing plugin limits the target.
    routerOptions: { maxParamLength: MAX_TARGET_LENGTH },
    // Fastify calls this before it reads any header field.
    rewriteUrl(request) {
      reduceForwarded(request)
      return originForm(String(request.url))
    },
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: createRequestLogger,
    return503OnClosing: false,
    // With an empty list, Fastify would parse X-Forwarded-For for each request, but trust no proxy.
    trustProxy: options.trustProxy.length > 0 && options.trustProxy,
    schemaController: { compilersFactory: { buildSerializer } },
    // If the host is localhost, Fastify without a factory would open a second server, without these settings.
    serverFactory: (handler) => {
      const server = createServer({
        optimizeEmptyRequests: true, // a request without a body emits no events of a stream
        requireHostHeader: false, // `framing` refuses a missing Host, with an error document
        keepAliveTimeout: options.keepAliveTimeoutMs,
        requestTimeout: options.requestTimeoutMs,
        headersTimeout: options.requestTimeoutMs,
        connectionsCheckingInterval: Math.min(options.requestTimeoutMs, CHECK_INTERVAL_MS),
      })
      const { noteRequest } = limitConnections(server, {
        total: options.maxConnections,
        descriptors: connectionsWithin(readDescriptorLimit(), config),
        perNetwork: options.maxConnectionsPerNetwork,
        isTrusted: createProxyTrust(options.trustProxy),
      })
      closeIdle(server)
      const handleInTurn = serializePerConnection(shedLoad(server, handler))
      // One listener, since Node copies the list of several listeners for each request.
      server.on('request', (request, response) => {
        noteRequest(request)
        handleInTurn(request, response)
      })
      // No limit on the number of header fields: above a limit, Node would silently drop header fields, even a second
      // Host. The head is limited to 16 KiB.
      server.maxHeadersCount = 0
      server.maxRequestsPerSocket = REQUESTS_PER_CONNECTION
      return server
    },
  }
}
