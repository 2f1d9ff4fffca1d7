import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import { readAny, readFloat, readInt, readPath, readString, readUuid } from './schema.ts'

const routes: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/converters/string/:value', { schema: readString }, ({ params }, reply) =>
    sendValue(reply, 'string', params.value),
  )
  app.get('/converters/int/:value', { schema: readInt }, ({ params }, reply) =>
    sendValue(reply, 'int', params.value),
  )
  app.get('/converters/float/:value', { schema: readFloat }, ({ params }, reply) =>
    sendValue(reply, 'float', params.value),
  )
  app.get('/converters/path/*', { schema: readPath }, ({ params }, reply) =>
    sendValue(reply, 'path', params['*']),
  )
  app.get('/converters/uuid/:value', { schema: readUuid }, ({ params }, reply) =>
    sendValue(reply, 'uuid', params.value),
  )
  app.get('/converters/any/:value', { schema: readAny }, ({ params }, reply) =>
    sendValue(reply, 'any', params.value),
  )
}
export default routes

function sendValue(reply: FastifyReply, type: string, value: string | number) {
  return reply.represent({
    'text/plain': `You are reading ${value}`,
    'application/json': { type, value },
  })
}

declare module '../../plugins/routing/index.ts' {
  interface NamedRoutes {
    readString: { value: string }
    readInt: { value: number }
    readFloat: { value: number }
    readPath: { '*': string }
    readUuid: { value: string }
    readAny: { value: 'about' | 'help' | 'imprint' }
  }
}
