/**
 * Keeps a reply from doing anything in a browser but being shown: it is what its media type says, runs
 * and loads nothing, is framed by nobody, is an origin of its own and tells nobody where it was linked
 * from. Some of it is what clients have sent (CSP Level 3, Fetch, Referrer Policy).
 */
export const SECURITY_FIELDS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** The same for whoever came by HTTPS, and is to come by HTTPS for a year (RFC 6797 §6.1, §7.2). */
export const SECURITY_FIELDS_OF_HTTPS = {
  ...SECURITY_FIELDS,
  'strict-transport-security': 'max-age=31536000',
}

/** For the one page that is not to be safe but to be read by its author: styles and scripts are in it. */
export const DEBUG_PAGE_POLICY =
  "default-src 'none'; img-src data:; script-src 'unsafe-inline'; style-src 'unsafe-inline'; " +
  "frame-ancestors 'none'"

/**
 * For pages of the API, which have a style, a script, and forms. The script is named by its digest (CSP
 * Level 3 §8.4): messages that clients have sent are of this origin too, and the host of a request is no
 * source that a policy can rely on. It cannot write markup (Trusted Types).
 *
 * @param script its integrity.
 */
export function pagePolicy(script: string): string {
  return [
    "default-src 'none'",
    `script-src '${script}'`,
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
 * For the console, whose scripts are named by their digests too. The icons are `data:` in its stylesheet,
 * and its scripts call this service. It does write markup, so there are no Trusted Types.
 *
 * @param scripts the integrity of each.
 */
export function consolePolicy(scripts: string[]): string {
  return [
    "default-src 'none'",
    `script-src ${scripts.map((script) => `'${script}'`).join(' ')}`,
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
