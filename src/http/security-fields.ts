/** Header fields that restrict what a browser does with a response. */

/**
 * For responses with data, which may come from clients. Tells the browser not to guess another media type, to run and
 * load nothing, not to embed the response in other pages, to treat its origin as unique, and to send no Referer (CSP
 * Level 3, Fetch, Referrer Policy).
 */
export const SECURITY_FIELDS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** For responses over HTTPS: also tells browsers to use only HTTPS for a year (RFC 6797 §6.1, §7.2). */
export const HTTPS_SECURITY_FIELDS = {
  ...SECURITY_FIELDS,
  'strict-transport-security': 'max-age=31536000',
}

/** Content security policy of the debug page, which has inline styles and scripts. */
export const DEBUG_PAGE_POLICY =
  "default-src 'none'; img-src data:; script-src 'unsafe-inline'; style-src 'unsafe-inline'; " +
  "frame-ancestors 'none'"

/**
 * Returns the policy of the API's pages, which have a stylesheet, a script and forms.
 *
 * The script is allowed by its hash (CSP Level 3 §8.4). Allowing its origin would not be safe, since data from clients
 * has the same origin, and since the policy would name the origin that the client sent in Host. Trusted Types prevent
 * the script from writing markup.
 *
 * @param integrity hash of the script, such as `sha256-…`
 */
export function pagePolicy(integrity: string): string {
  return [
    "default-src 'none'",
    `script-src '${integrity}'`,
    "style-src 'self'",
    "img-src 'self' blob:", // the script shows images of responses
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')
}
