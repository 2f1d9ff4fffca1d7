/** Values of WWW-Authenticate. */

const SCHEMES = ['Basic', 'Bearer']

/** Returns the challenges of a 401, one for each authentication scheme (RFC 9110 §11.6.1, §15.5.2). */
export function challengesOf(realm: string): string[] {
  return SCHEMES.map((scheme) => `${scheme} realm="${realm}"`)
}

/** Returns the challenge of a 403, which names the missing scope (RFC 6750 §3.1). */
export function insufficientScope(realm: string, scope: string): string {
  return `Bearer realm="${realm}", error="insufficient_scope", scope="${scope}"`
}
