import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { FastifyInstance, onRequestHookHandler, RouteOptions } from 'fastify'
import type { Test } from 'tap'
import { build } from '../app.ts'
import { BODY_LIMIT } from './bodies.ts'
import type { JsonSchema } from './values.ts'

/** What a route says of itself. */
export interface Route {
  url: string
  methods: string[]
  schema: {
    params?: JsonSchema
    querystring?: JsonSchema
    body?: JsonSchema & { content?: Contents }
    /** By status. */
    response: Record<string, { content?: Contents }>
  }
}

/** Schemas by media type. */
export type Contents = Record<string, { schema: JsonSchema }>

/** The service, and what it shows of itself behind its replies. */
export interface Service {
  app: FastifyInstance
  routes: Route[]
  /** The URL of the route that took the latest request; undefined where none did. */
  taken: string | undefined
  /** The latest line of the log that tells of a failure. */
  failure: string
}

/** argon2id of `secret` at next to no cost: its strength is not what is tried. */
export const HASH = '$argon2id$v=19$m=8,t=1,p=1$ZnV6emluZyB0aGUgQVBJIQ$1XM1JEvommFQRfQ97PjbDw'

const ENVIRONMENT = {
  AUTH_USERS: `admin:write:${HASH} reader::${HASH}`,
  BODY_LIMIT: String(BODY_LIMIT),
  LOG_LEVEL: 'error',
  ADMIN_PORT: '1', // they are elsewhere: each reply with them is another, and very long here
}

/** Builds the service, and has it tell its routes: one that is added later is here too. */
export async function buildService(t: Test): Promise<Service> {
  const routes: Route[] = []
  const watched = { routes, taken: undefined as string | undefined, failure: '' }

  function watch(message: unknown) {
    const { fastify } = message as { fastify: FastifyInstance } // as Fastify documents it
    fastify.addHook('onRoute', (route) => {
      if (route.url.startsWith('/docs/')) return // files of a megabyte, which take long to send
      if (route.method !== 'HEAD') routes.push(routeOf(route))
      // behind the hooks of all routes, which let nothing through that is not the route's to answer
      const take: onRequestHookHandler = (_request, _reply, done) => {
        watched.taken = route.url
        done()
      }
      route.onRequest = [take, route.onRequest ?? []].flat()
    })
  }

  function write(line: string) {
    if (line.startsWith('{"level":"error"')) watched.failure = line
  }

  subscribe('fastify.initialization', watch)
  const app = await build(t, ENVIRONMENT, { logDestination: { write } })
  unsubscribe('fastify.initialization', watch)
  return Object.assign(watched, { app })
}

function routeOf({ url, method, schema }: RouteOptions): Route {
  // TypeBox's schemas are JSON Schema
  return { url, methods: [method].flat(), schema: schema as Route['schema'] }
}

/** The route that makes what a route is of: the POST to its URL without the last segment. */
export function creatorOf({ url }: Route, routes: Route[]): Route | undefined {
  const collection = url.replace(/\/:\w+$/, '')
  return collection === url
    ? undefined
    : routes.find((other) => other.url === collection && other.methods.includes('POST'))
}
