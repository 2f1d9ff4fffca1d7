/** A target in absolute form (RFC 9112 §3.2.2): the scheme, the authority, then path and query. */
const ABSOLUTE = /^https?:\/\/([^/?]*)(.*)$/is

/** The authority that a target names; undefined where it names none. */
export function authorityOf(target: string): string | undefined {
  return isPath(target) ? undefined : ABSOLUTE.exec(target)?.[1]
}

/** The target in origin form (RFC 9112 §3.2.1): a path, which is `/` where there is none, and a query. */
export function originForm(target: string): string {
  if (isPath(target)) return target
  const [, , path] = ABSOLUTE.exec(target) ?? []
  if (path === undefined) return target
  return path.startsWith('/') ? path : `/${path}`
}

/** Nearly every target is one: no expression has to look at it. */
function isPath(target: string): boolean {
  return target.startsWith('/')
}

/** The URL as the client asked for it. */
export function absoluteUrl({ protocol, host, originalUrl }: Target): string {
  return isPath(originalUrl) ? `${protocol}://${host}${originalUrl}` : originalUrl
}

/** A target, and where it was sent to. */
interface Target {
  protocol: string
  host: string
  originalUrl: string
}
