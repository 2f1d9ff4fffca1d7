import { METHODS } from 'node:http'
import fc from 'fast-check'
import { consumedBy } from '../../src/http/body.ts'
import { type Body, type Content, goodContent, oddContent } from './bodies.ts'
import {
  acceptOf,
  conditionsOf,
  credentials,
  type Fields,
  oddAccept,
  oddConditions,
  oddCredentials,
  oddOthers,
  others,
} from './fields.ts'
import { parentsOf, type Route } from './service.ts'
import { oddPathOf, oddQueryOf, pathOf, queryOf } from './targets.ts'

/** A generated request, with placeholders for values that the service creates, such as ids and ETags. */
export interface Request {
  method: string
  url: string
  headers: Fields
  body?: Body
}

/** Parts of a request. Each part can be invalid while the others are valid. */
interface Pieces {
  method: string
  path: string
  query: string
  accept: Fields
  credentials: Fields
  conditions: Fields
  others: Fields
  content: Content
}

type Arbitraries = { [Name in keyof Pieces]: fc.Arbitrary<Pieces[Name]> }

/** Generates requests to a route. Most have at most one invalid part, because one error can hide another. */
export function requestTo(route: Route, routes: Route[]): fc.Arbitrary<Request> {
  const good = goodPieces(route, routes)
  const odd = oddPieces(route, routes)
  const withOneOdd = Object.entries(odd).map(([name, piece]) =>
    fc.record({ ...good, [name]: piece }),
  )
  return fc
    .oneof(
      { weight: 12, arbitrary: fc.record(good) },
      { weight: 8, arbitrary: fc.oneof(...withOneOdd) },
      { weight: 1, arbitrary: fc.record(odd) },
    )
    .map(assemble)
}

function assemble({ method, path, query, content, ...pieces }: Pieces): Request {
  const { accept, credentials, conditions, others } = pieces
  const headers = { ...others, ...accept, ...credentials, ...conditions, ...content.headers }
  const request = { method, url: path + query, headers }
  return content.body === undefined ? request : { ...request, body: content.body }
}

function goodPieces(route: Route, routes: Route[]): Arbitraries {
  const { schema, methods } = route
  const takesContent = schema.body !== undefined || methods.includes('POST')
  return {
    method: fc.constantFrom(
      ...methods.flatMap((method) => (method === 'GET' ? ['GET', 'GET', 'HEAD'] : [method])),
    ),
    path: pathOf(route, storedIn(route, routes)),
    query: queryOf(route),
    accept: acceptOf(route),
    credentials: schema.response[401] ? credentials : fc.constant({}),
    conditions: conditionsOf(route),
    others,
    content: takesContent ? goodContent(...contentOf(route, routes)) : fc.constant({ headers: {} }),
  }
}

function storedIn(route: Route, routes: Route[]): string[] {
  return parentsOf(route, routes).map(({ name }) => name)
}

const COMMON_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

function oddPieces(route: Route, routes: Route[]): Arbitraries {
  return {
    method: fc.oneof(fc.constantFrom(...COMMON_METHODS), fc.constantFrom(...METHODS)),
    path: oddPathOf(pathOf(route, storedIn(route, routes))),
    query: oddQueryOf(route),
    accept: oddAccept,
    credentials: oddCredentials,
    conditions: oddConditions,
    others: oddOthers,
    content: oddContent(...contentOf(route, routes)),
  }
}

/** Returns the body schemas of a route by media type, and the body schema of PUT to the same URL. */
export function contentOf({ url, schema }: Route, routes: Route[]): Parameters<typeof goodContent> {
  const replacement = routes.find((other) => other.url === url && other.methods.includes('PUT'))
  const mediaTypes = consumedBy(schema.body)
  const schemas = mediaTypes.map((mediaType) => [
    mediaType,
    schema.body?.content?.[mediaType]?.schema ?? schema.body ?? {},
  ])
  return [Object.fromEntries(schemas), replacement?.schema.body ?? {}]
}
