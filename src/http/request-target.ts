/** A target in absolute form (RFC 9112 §3.2.2): scheme, authority, then path and query. */
const ABSOLUTE = /^https?:\/\/([^/?]*)(.*)$/is

/** Returns the authority of a target in absolute form, otherwise undefined. */
export function authorityOf(target: string): string | undefined {
  return isPath(target) ? undefined : ABSOLUTE.exec(target)?.[1]
}

/** Returns the target in origin form (RFC 9112 §3.2.1): path and query. An empty path becomes `/`. */
export function originForm(target: string): string {
  if (isPath(target)) return target
  const [, , path] = ABSOLUTE.exec(target) ?? []
  if (path === undefined) return target
  return path.startsWith('/') ? path : `/${path}`
}

/** Returns true for a target that is a path. Nearly every target is, so the slower `ABSOLUTE` is rarely matched. */
function isPath(target: string): boolean {
  return target.startsWith('/')
}

/**
 * Returns the absolute URL of a request, whose path and query are exactly as the client sent them, or of another path of
 * the service. Without Host, which HTTP/1.0 allows, returns a path, since an HTTP URL needs a host (RFC 9110 §4.2.1).
 */
export function absoluteUrl(
  request: RequestUrl & Record<'protocol' | 'host' | 'originalUrl', string>,
  target = request.originalUrl,
): string {
  if (!isPath(target)) return target
  const path = publicPath(request, target)
  return request.host ? `${request.protocol}://${request.host}${path}` : path
}

interface RequestUrl {
  /** Path before the paths of the service, if a proxy publishes the service under a path. */
  pathPrefix?: string | undefined
}

/** Returns a path of the service as the client sees it. */
export function publicPath({ pathPrefix = '' }: RequestUrl, path: string): string {
  return pathPrefix + path
}
