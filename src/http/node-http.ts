/**
 * What is used of Node's module for HTTP. To import that would read all that it exports, and so load its
 * client for WebSocket too, which takes as long and as much memory as Fastify.
 */
export const { createServer, STATUS_CODES, validateHeaderName, validateHeaderValue } =
  process.getBuiltinModule('node:http')
