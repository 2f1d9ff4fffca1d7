import { SerializerSelector } from '@fastify/fast-json-stringify-compiler'

const createCompiler = SerializerSelector()

/**
 * Builds Fastify's serializer compiler with a cache. All routes share the schemas of error documents. Without the
 * cache, each would be compiled for every route, status and media type: about a thousand times.
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
