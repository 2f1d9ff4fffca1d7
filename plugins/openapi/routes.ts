/** Routes of the OpenAPI document, as JSON and as YAML. */
import { hash } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { readOpenApi, readOpenApiYaml } from './schema.ts'
import { writeYaml } from './yaml.ts'

const routes: FastifyPluginAsyncTypebox = async (app) => {
  const json = send(() => JSON.stringify(app.openApiDocument()))
  const yaml = send(() => writeYaml(app.openApiDocument()))
  app.get('/openapi.json', { schema: readOpenApi }, json)
  app.get('/openapi.yaml', { schema: readOpenApiYaml }, yaml)
}
export default routes

/**
 * Returns a handler that writes the text once, at the first request, since routes do not change while the service
 * runs.
 */
function send(write: () => string) {
  let text: string | undefined
  let version = ''
  return (_request: FastifyRequest, reply: FastifyReply) => {
    if (text === undefined) {
      text = write()
      version = hash('sha256', text, 'base64url')
    }
    if (reply.version) reply.version({ version })
    return reply.send(text)
  }
}
