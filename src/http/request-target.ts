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
 * the service.
 */
export function absoluteUrl(
  { protocol, host, originalUrl }: Record<'protocol' | 'host' | 'originalUrl', string>,
  target = originalUrl,
): string {
  return isPath(target) ? `${protocol}://${host}${target}` : target
}
