/** Caching policies of routes, as values of Cache-Control (RFC 9111 §5.2.2, RFC 5861, RFC 8246). */
import { type Static, Type } from 'typebox'

/** Largest number of seconds that caches must be able to represent (RFC 9111 §1.2.2). */
const MAX_SECONDS = 2 ** 31 - 1

const seconds = (description: string) =>
  Type.Optional(Type.Integer({ minimum: 0, maximum: MAX_SECONDS, description }))
const flag = (description: string) => Type.Optional(Type.Boolean({ description }))

export const CachePolicy = Type.Object({
  maxAge: seconds('Seconds for which caches may use a response without asking the service'),
  sMaxAge: seconds('Replaces maxAge in caches that serve several clients'),
  staleWhileRevalidate: seconds(
    'Seconds after that time in which a cache may use the response while it asks the service',
  ),
  staleIfError: seconds(
    'Seconds after that time in which a cache may use the response if the service fails',
  ),
  public: flag('Allows caches to give the response to other clients, even if one sent credentials'),
  immutable: flag('The content of the URL never changes'),
  noStore: flag('Forbids caches to store the response'),
})
export type CachePolicy = Static<typeof CachePolicy>

/** Cache-Control of errors, and of responses that caches must not store. */
export const NO_STORE = 'no-store'

/**
 * Returns the reason why a policy makes no sense; undefined if it does.
 *
 * @param isProtected true if the route requires authentication
 */
export function policyProblem(policy: CachePolicy, isProtected: boolean): string | undefined {
  const { noStore, maxAge, sMaxAge, ...others } = policy
  if (noStore && Object.keys(policy).length > 1) return 'noStore cannot be combined with others'
  const hasLifetime = maxAge !== undefined || sMaxAge !== undefined
  const { staleWhileRevalidate, staleIfError, immutable } = others
  if (!hasLifetime && (staleWhileRevalidate ?? staleIfError ?? immutable) !== undefined) {
    return 'staleWhileRevalidate, staleIfError and immutable require maxAge or sMaxAge'
  }
  if (isProtected && (others.public || sMaxAge !== undefined)) {
    return 'a route that requires authentication cannot have public or sMaxAge (RFC 9111 §3.5)'
  }
  return undefined
}

/**
 * Returns the value of Cache-Control. Without a lifetime, caches must ask the service before each use of a response,
 * since they would otherwise guess a lifetime (RFC 9111 §4.2.2).
 *
 * @param isPrivate true if the response depends on the credentials of the request
 */
export function cacheControl(policy: CachePolicy, isPrivate: boolean): string {
  if (policy.noStore) return NO_STORE
  const { maxAge, sMaxAge, staleWhileRevalidate, staleIfError, immutable } = policy
  const isShared = !isPrivate && policy.public
  const directives = [
    isPrivate && 'private',
    isShared && 'public',
    maxAge === undefined && sMaxAge === undefined ? 'no-cache' : `max-age=${maxAge ?? 0}`,
    !isPrivate && sMaxAge !== undefined && `s-maxage=${sMaxAge}`,
    staleWhileRevalidate !== undefined && `stale-while-revalidate=${staleWhileRevalidate}`,
    staleIfError !== undefined && `stale-if-error=${staleIfError}`,
    immutable && 'immutable',
  ]
  return directives.filter(Boolean).join(', ')
}
