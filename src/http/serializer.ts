import { SerializerSelector } from '@fastify/fast-json-stringify-compiler'

const createCompiler = SerializerSelector()

/**
 * Builds Fastify's serializer compiler with a cache: routes share the schemas of error documents, for every
 * status and media type, so that each would be compiled about a thousand times.
 */
export function buildSerializer(...parameters: Parameters<typeof createCompiler>) {
  const compile = createCompiler(...parameters)
  const serializers = new Map<unknown, ReturnType<typeof compile>>()
  return (route: Parameters<typeof compile>[0]) => {
    const serializer = serializers.get(route.schema) ?? compile(route)
    serializers.set(route.schema, serializer)
    return serializer
  }
}
