import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { FastifyInstance, onRequestHookHandler, RouteOptions } from 'fastify'
import type { Test } from 'tap'
import { createAuthenticate } from '../../plugins/auth/authenticate.ts'
import { RESOURCES } from '../../src/resources.ts'
import { build } from '../app.ts'
import { BODY_LIMIT_BYTES } from './bodies.ts'
import type { JsonSchema } from './values.ts'

/** A route with the schemas that it declares. */
export interface Route {
  url: string
  methods: string[]
  /** True for a route of a plugin, which does not depend on the resources. */
  isOfPlugin: boolean
  /** Reason for which the route is not fuzzed. */
  notFuzzed?: string | undefined
  schema: {
    params?: JsonSchema
    querystring?: JsonSchema
    body?: JsonSchema & { content?: Contents }
    'x-idempotency-key'?: boolean
    /** Declared responses by status. */
    response: Record<string, { content?: Contents; headers?: Record<string, unknown> }>
  }
}

/** Declared schemas by media type. */
export type Contents = Record<string, { schema: JsonSchema }>

/** The service, and facts about the latest request that are not in the response. */
export interface Service {
  app: FastifyInstance
  routes: Route[]
  /** URL pattern of the route that handled the latest request; undefined if none did. */
  routedTo: string | undefined
  /** Latest log line at level error. */
  failure: string
}

/** argon2id hash of `secret` with minimal cost, so that fuzzing stays fast. The configuration would refuse this hash. */
const HASH = '$argon2id$v=19$m=8,t=1,p=1$ZnV6emluZyB0aGUgQVBJIQ$1XM1JEvommFQRfQ97PjbDw'

const USERS = [
  { name: 'admin', scopes: ['write'], secret: HASH },
  { name: 'reader', scopes: [], secret: HASH },
]

const ENVIRONMENT = {
  BODY_LIMIT: String(BODY_LIMIT_BYTES),
  LOG_LEVEL: 'error',
  ADMIN_PORT: '1', // moves /metrics to another port, because its responses are long and always differ
}

/** Builds the service and collects all of its routes. */
export async function buildService(t: Test): Promise<Service> {
  const found: RouteOptions[] = []
  const watched = { routedTo: undefined as string | undefined, failure: '' }

  function watch(message: unknown) {
    const { fastify } = message as { fastify: FastifyInstance } // the type that Fastify documents
    fastify.addHook('onRoute', (route) => {
      if (route.method !== 'HEAD') found.push(route)
      // This hook runs after the hooks of the plugins, so it does not record requests that a plugin has answered.
      const record: onRequestHookHandler = (_request, _reply, done) => {
        watched.routedTo = route.url
        done()
      }
      route.onRequest = [record, route.onRequest ?? []].flat()
    })
  }

  function write(line: string) {
    if (line.startsWith('{"level":"error"')) watched.failure = line
  }

  subscribe('fastify.initialization', watch)
  const app = await build(t, ENVIRONMENT, {
    logDestination: { write },
    authenticate: createAuthenticate(USERS, []),
  })
  unsubscribe('fastify.initialization', watch)
  const paths = await pathsOfPlugins(t)
  // Reads the schemas after the build, because the plugins add error responses to them.
  return Object.assign(watched, { app, routes: found.map((route) => routeOf(route, paths)) })
}

/** Returns the paths of a service without resources. */
async function pathsOfPlugins(t: Test): Promise<Set<string>> {
  const resources = RESOURCES.splice(0)
  const app = await build(t)
  RESOURCES.push(...resources)
  return new Set(app.routeInfos.map(({ path }) => path))
}

function routeOf(
  { url, method, schema, config }: RouteOptions,
  pathsOfPlugins: Set<string>,
): Route {
  const { notFuzzed } = config ?? {}
  // TypeBox's schemas are JSON Schemas.
  const isOfPlugin = pathsOfPlugins.has(url)
  return { url, methods: [method].flat(), isOfPlugin, notFuzzed, schema: schema as Route['schema'] }
}

/** A parameter of a path, with the POST route that creates the resources which it identifies. */
export interface Parent {
  name: string
  creator: Route
}

/**
 * Returns the parameters of a route's path that identify resources, from the first to the last. The URL of the route
 * that creates a resource is the part of the path before the parameter.
 */
export function parentsOf({ url }: Route, routes: Route[]): Parent[] {
  return [...url.matchAll(/\/:(\w+)(?=\/|$)/g)].flatMap(({ 1: name, index }) => {
    const collection = url.slice(0, index)
    const creator = routes.find(
      (other) => other.url === collection && other.methods.includes('POST'),
    )
    return name && creator ? [{ name, creator }] : []
  })
}
