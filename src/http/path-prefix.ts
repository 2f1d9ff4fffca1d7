/** Path under which a proxy publishes the service, as it says in X-Forwarded-Prefix. */
import { split } from './field.ts'
import { HttpError } from './http-error.ts'

/** Segments of a path, without percent-encoding, dot segments and empty segments (RFC 3986 §3.3). */
const PREFIX = /^(?:\/(?!\.{1,2}(?:\/|$))[\w.~!$&'()*+;=:@-]+)+$/

/**
 * Parses X-Forwarded-Prefix. Each of several proxies appends its prefix, so the first one is that of the proxy next to the
 * client. A slash at the end has no effect.
 *
 * @returns the path without a slash at its end; empty if there is none
 * @throws {HttpError} 400 for anything but a path, since clients would take it for another host or path
 */
export function parsePathPrefix(field: string): string {
  const prefixes = field.split(',').map((prefix) => prefix.trim().replace(/\/$/, ''))
  if (prefixes.every((prefix) => prefix === '' || PREFIX.test(prefix))) return prefixes.join('')
  throw new HttpError('BAD_REQUEST', 'X-Forwarded-Prefix is not a path such as /api')
}

/**
 * Returns the header fields whose value is a path of the service, with the prefix before the path.
 *
 * @param fields by name, in lower case
 */
export function withPathPrefix(
  fields: Record<string, number | string | string[] | undefined>,
  prefix: string,
): Record<string, string> {
  const { location, link, 'content-location': contentLocation } = fields
  return {
    ...(isPath(location) && { location: prefix + location }),
    ...(isPath(contentLocation) && { 'content-location': prefix + contentLocation }),
    ...(link !== undefined && {
      link: split([link].flat().join(', '), ',')
        .map((member) => member.replace(/^<(?=\/(?!\/))/, `<${prefix}`))
        .join(', '),
    }),
  }
}

/** Returns true for a path, and false for an absolute URL, and for `//host`. */
function isPath(value: unknown): value is string {
  return typeof value === 'string' && /^\/(?!\/)/.test(value)
}
