/** The schemes that are taken (RFC 7617, RFC 6750). */
const SCHEMES = ['Basic', 'Bearer']

/** One challenge a scheme, as every 401 has them (RFC 9110 §11.6.1, §15.5.2). */
export function challengesOf(realm: string): string[] {
  return SCHEMES.map((scheme) => `${scheme} realm="${realm}"`)
}

/** What an account lacks to do this, as a 403 says it (RFC 6750 §3.1). */
export function insufficientScope(realm: string, scope: string): string {
  return `Bearer realm="${realm}", error="insufficient_scope", scope="${scope}"`
}
