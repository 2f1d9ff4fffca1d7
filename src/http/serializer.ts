import { SerializerSelector } from '@fastify/fast-json-stringify-compiler'

const createCompiler = SerializerSelector()

type Serializer = ReturnType<ReturnType<typeof createCompiler>>

/** Serializers by schema. Plugins, and several apps in one process, have most schemas in common. */
const shared = new WeakMap<object, Serializer>()

/**
 * Builds Fastify's serializer compiler with a cache. All routes share the schemas of error documents. Without the
 * cache, each would be compiled for every route, status and media type: about a thousand times.
 */
export function buildSerializer(...parameters: Parameters<typeof createCompiler>) {
  const compile = createCompiler(...parameters)
  const [addedSchemas] = parameters
  // If there are added schemas, a serializer depends on them too, since its schema may refer to them.
  const serializers = Object.keys(addedSchemas ?? {}).length === 0 ? shared : new WeakMap()
  return (route: Parameters<typeof compile>[0]): Serializer => {
    const schema = Object(route.schema)
    const serializer = serializers.get(schema) ?? compile(route)
    serializers.set(schema, serializer)
    return serializer
  }
}
