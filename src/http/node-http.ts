/**
 * Exports of node:http that the service uses. An import statement would evaluate all exports of the module, and so
 * load Node's WebSocket client, which takes as much time and memory as loading Fastify.
 */
export const { createServer, STATUS_CODES, validateHeaderName, validateHeaderValue } =
  process.getBuiltinModule('node:http')
