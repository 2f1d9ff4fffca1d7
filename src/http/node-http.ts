/**
 * Parts of node:http. An import would evaluate all of its exports, and so load Node's WebSocket client, which
 * takes as much time and memory as Fastify.
 */
export const { createServer, STATUS_CODES, validateHeaderName, validateHeaderValue } =
  process.getBuiltinModule('node:http')
