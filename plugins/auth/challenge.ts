/** Values of WWW-Authenticate. */
import { SCHEME_INFO, type Scheme, schemeOf } from '../../src/http/authentication-schemes.ts'

/** Returns the challenges of a 401, one for each authentication scheme (RFC 9110 §11.6.1, §15.5.2). */
export function challengesOf(realm: string, schemes: readonly Scheme[]): string[] {
  return schemes.map((scheme) => challengeOf(scheme, realm))
}

/**
 * Returns the challenges of a 401 for wrong credentials. A Bearer challenge has an error code if the client has sent a
 * token, but none for other requests (RFC 6750 §3.1).
 *
 * @param authorization value of Authorization
 */
export function challengesFor(challenges: readonly string[], authorization: string): string[] {
  const sent = schemeOf(authorization)
  if (!sent || !SCHEME_INFO[sent].hasErrors) return [...challenges]
  return challenges.map((challenge) =>
    schemeOf(challenge) === sent ? `${challenge}, error="invalid_token"` : challenge,
  )
}

/** Returns the challenges of a 403, which name the missing scope (RFC 6750 §3.1); empty for schemes without errors. */
export function insufficientScope(
  realm: string,
  schemes: readonly Scheme[],
  scope: string,
): string {
  const parameters = ['error="insufficient_scope"', `scope="${scope}"`]
  return schemes
    .filter((scheme) => SCHEME_INFO[scheme].hasErrors)
    .map((scheme) => challengeOf(scheme, realm, parameters))
    .join(', ')
}

function challengeOf(
  scheme: Scheme,
  realm: string,
  parameters = SCHEME_INFO[scheme].parameters,
): string {
  return `${scheme} ${[`realm="${realm}"`, ...parameters].join(', ')}`
}
