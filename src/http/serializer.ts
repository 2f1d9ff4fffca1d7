import { SerializerSelector } from '@fastify/fast-json-stringify-compiler'

const createCompiler = SerializerSelector()

/**
 * Builds Fastify's own compiler of serializers, which compiles each schema once. The documents of errors
 * are a few schemas that every route names for every status and media type: about a thousand times.
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
