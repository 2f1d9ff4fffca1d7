/** Routes of the OpenAPI document, as JSON and as YAML. */
import { createHash } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import { readOpenApi, readOpenApiYaml } from './schema.ts'
import { writeYaml } from './yaml.ts'

const routes: FastifyPluginAsyncTypebox = async (app) => {
  const json = cache(() => JSON.stringify(app.openApiDocument()))
  const yaml = cache(() => writeYaml(app.openApiDocument()))

  app.get('/openapi.json', { schema: readOpenApi }, (_request, reply) => send(reply, json()))
  app.get('/openapi.yaml', { schema: readOpenApiYaml }, (_request, reply) => send(reply, yaml()))
}
export default routes

interface VersionedText {
  text: string
  version: string
}

/** Writes the text at the first request; the routes do not change while the service runs. */
function cache(write: () => string): () => VersionedText {
  let cached: VersionedText | undefined
  return () => {
    if (cached) return cached
    const text = write()
    cached = { text, version: createHash('sha256').update(text).digest('base64url') }
    return cached
  }
}

/** Clients must revalidate, since the next release may have other routes. */
function send(reply: FastifyReply, { text, version }: VersionedText) {
  return reply.version({ version }).cacheControl('no-cache').send(text)
}
