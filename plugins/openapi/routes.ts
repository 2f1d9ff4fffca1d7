/** Routes of the OpenAPI document, as JSON and as YAML. */
import { hash } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import { publicPath } from '../../src/http/request-target.ts'
import type { Document } from './openapi.ts'
import { readOpenApi, readOpenApiYaml } from './schema.ts'
import { writeYaml } from './yaml.ts'

/** Number of path prefixes for which a document is kept. A service has one, or none. */
const PREFIXES = 8

const routes: FastifyPluginAsyncTypebox = async (app) => {
  const json = send(app.openApiDocument, JSON.stringify)
  const yaml = send(app.openApiDocument, writeYaml)
  app.get('/openapi.json', { schema: readOpenApi }, json)
  app.get('/openapi.yaml', { schema: readOpenApiYaml }, yaml)
}
export default routes

/**
 * Returns a handler that writes the document once for each path prefix, at the first request, since routes do not change
 * while the service runs.
 */
function send(read: () => Document, write: (document: Document) => string) {
  const written = new LRUCache<string, { text: string; version: string }>({ max: PREFIXES })
  return (request: FastifyRequest, reply: FastifyReply) => {
    const url = publicPath(request, '/')
    let found = written.get(url)
    if (!found) {
      const document = read()
      const servers = document.servers.map((server) => ({ ...server, url }))
      const text = write({ ...document, servers })
      found = { text, version: hash('sha256', text, 'base64url') }
      written.set(url, found)
    }
    const { text, version } = found
    if (reply.version) reply.version({ version })
    return reply.send(text)
  }
}
