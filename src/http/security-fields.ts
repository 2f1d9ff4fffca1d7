/** Header fields that restrict what a browser does with a response. */

/**
 * For responses that are data: the browser believes the media type, runs and loads nothing, lets no page
 * embed the response, gives it an origin of its own, and sends no Referer from it. Part of the data comes
 * from clients (CSP Level 3, Fetch, Referrer Policy).
 */
export const SECURITY_FIELDS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** Over HTTPS: also tells browsers to use HTTPS only, for a year (RFC 6797 §6.1, §7.2). */
export const HTTPS_SECURITY_FIELDS = {
  ...SECURITY_FIELDS,
  'strict-transport-security': 'max-age=31536000',
}

/** For the debug page, which has inline styles and scripts. */
export const DEBUG_PAGE_POLICY =
  "default-src 'none'; img-src data:; script-src 'unsafe-inline'; style-src 'unsafe-inline'; " +
  "frame-ancestors 'none'"

/**
 * Returns the policy of the API's pages, which have a stylesheet, a script and forms.
 *
 * The script is allowed by its hash (CSP Level 3 §8.4). Its origin would not do: messages that clients sent
 * have the same origin, and the policy could only take it from Host, which the client sends. Trusted Types
 * keep the script from writing markup.
 *
 * @param integrity of the script, such as `sha256-…`
 */
export function pagePolicy(integrity: string): string {
  return [
    "default-src 'none'",
    `script-src '${integrity}'`,
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')
}

/**
 * Returns the policy of the OpenAPI console. Its scripts are allowed by their hashes too; they call this
 * service, and they write markup, so there are no Trusted Types. The icons are `data:` URLs in its
 * stylesheet.
 *
 * @param integrities of the scripts
 */
export function consolePolicy(integrities: string[]): string {
  return [
    "default-src 'none'",
    `script-src ${integrities.map((integrity) => `'${integrity}'`).join(' ')}`,
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
