import { createHash } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import { readContract, readContractYaml } from './schema.ts'
import { writeYaml } from './yaml.ts'

const routes: FastifyPluginAsyncTypebox = async (app) => {
  const json = file(() => JSON.stringify(app.contract()))
  const yaml = file(() => writeYaml(app.contract()))

  app.get('/openapi.json', { schema: readContract }, (_request, reply) => send(reply, json()))
  app.get('/openapi.yaml', { schema: readContractYaml }, (_request, reply) => send(reply, yaml()))
}
export default routes

interface File {
  text: string
  version: string
}

/** Writes a text when it is first asked for; it stays the same until the service ends. */
function file(write: () => string): () => File {
  let written: File | undefined
  return () => {
    if (written) return written
    const text = write()
    written = { text, version: createHash('sha256').update(text).digest('base64url') }
    return written
  }
}

/** The next start may have another: whoever keeps it has to ask whether it still holds. */
function send(reply: FastifyReply, { text, version }: File) {
  return reply.version({ version }).cacheControl('no-cache').send(text)
}

declare module '../routing/index.ts' {
  interface NamedRoutes {
    readContract: null
    readContractYaml: null
  }
}
