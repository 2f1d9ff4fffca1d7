import type { FastifyRequest } from 'fastify'
import type { Scheme } from '../../src/http/authentication-schemes.ts'
import { absoluteUrl } from '../../src/http/request-target.ts'
import type { RouteInfo } from '../../src/http/route-info.ts'
import type { TrialAccount } from './curl.ts'
import type { ReferenceOf } from './exchange.ts'
import type { IsReadable } from './link.ts'
import { referencePath } from './reference/navigation.ts'
import { findOperation, type Operation, readOperations } from './reference/operations.ts'
import { templateOf } from './url-template.ts'

/** The service, as the client of a request sees it. */
export interface Service {
  /** Operations of the OpenAPI document; empty without the OpenAPI plugin. */
  operations: readonly Operation[]
  /** Returns the absolute URL of a path. */
  urlOf: (path: string) => string
  /** Path before the paths of the service; empty if there is none. */
  pathPrefix: string
  isReadable: IsReadable
  referenceOf: ReferenceOf
  /** Returns true if an operation requires credentials. */
  isProtected: (operation: Operation) => boolean
  /** Authentication schemes that the service accepts. */
  schemes: readonly Scheme[]
  /** Public account for first trials, if the service has one. */
  account?: TrialAccount | undefined
}

export function serviceOf(request: FastifyRequest): Service {
  const { server, pathPrefix = '' } = request
  const {
    routesAt,
    routeInfos,
    authenticationSchemes: schemes = [],
    trialAccount: account,
  } = server
  const operations = server.openApiDocument ? readOperations(server.openApiDocument()) : []
  return {
    operations,
    urlOf: (path) => absoluteUrl(request, path),
    pathPrefix,
    isReadable: (url) =>
      url.startsWith(pathPrefix) &&
      routesAt(url.slice(pathPrefix.length).replace(/[?#].*/s, '')).some(isRead),
    referenceOf: (route) => {
      const operation = findOperation(operations, route)
      return operation && referencePath(pathPrefix, operation)
    },
    isProtected: ({ method, path }) =>
      routeInfos.some(
        (route) => route.isProtected && route.method === method && templateOf(route.path) === path,
      ),
    schemes,
    account,
  }
}

function isRead({ method }: RouteInfo): boolean {
  return method === 'GET'
}
