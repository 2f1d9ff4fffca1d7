/** Values of WWW-Authenticate. */

/**
 * Returns the challenges of a 401, one for each authentication scheme (RFC 9110 §11.6.1, §15.5.2). `charset` asks
 * clients to encode Basic credentials in UTF-8 (RFC 7617 §2.1).
 */
export function challengesOf(realm: string): string[] {
  return [`Basic realm="${realm}", charset="UTF-8"`, `Bearer realm="${realm}"`]
}

/**
 * Returns the challenges of a 401 for wrong credentials. A Bearer challenge has an error code if the client has sent a
 * token, but none for other requests (RFC 6750 §3.1).
 *
 * @param authorization value of Authorization
 */
export function challengesFor(challenges: readonly string[], authorization: string): string[] {
  const isToken = /^bearer(?: |$)/i.test(authorization)
  return challenges.map((challenge) =>
    isToken && challenge.startsWith('Bearer') ? `${challenge}, error="invalid_token"` : challenge,
  )
}

/** Returns the challenge of a 403, which names the missing scope (RFC 6750 §3.1). */
export function insufficientScope(realm: string, scope: string): string {
  return `Bearer realm="${realm}", error="insufficient_scope", scope="${scope}"`
}
