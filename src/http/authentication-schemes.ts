/**
 * Authentication schemes that the service knows (RFC 9110 §11.1). For a new scheme, add an entry here; the type check then
 * lists the other places that need code for it.
 */

interface SchemeInfo {
  /** Parameters of the challenge after `realm`. */
  parameters: string[]
  /** True if a challenge can state the reason of the failure in the parameter `error`. */
  hasErrors: boolean
  /** Secret in the credentials. With a password, the client also sends a user name. */
  secret: 'password' | 'token'
  /** Security scheme in the OpenAPI document. */
  openApi: { type: string; scheme: string; description: string }
  /** Options of curl, with placeholders for the credentials. */
  curl: string[]
}

const TABLE = {
  Basic: {
    parameters: ['charset="UTF-8"'], // asks clients to encode credentials in UTF-8 (RFC 7617 §2.1)
    hasErrors: false,
    secret: 'password',
    openApi: {
      type: 'http',
      scheme: 'basic',
      description: 'User name and password (RFC 7617)',
    },
    curl: ['-u', 'NAME'], // curl asks for the password
  },
  Bearer: {
    parameters: [],
    hasErrors: true, // RFC 6750 §3.1
    secret: 'token',
    openApi: { type: 'http', scheme: 'bearer', description: 'Bearer token (RFC 6750)' },
    curl: ['-H', 'Authorization: Bearer TOKEN'],
  },
} satisfies Record<string, SchemeInfo>

export type Scheme = keyof typeof TABLE

export const SCHEME_INFO: Record<Scheme, SchemeInfo> = TABLE

/** All schemes, the preferred one first. */
export const SCHEMES = Object.keys(TABLE) as Scheme[] // the keys are literals

/** Returns the scheme of an Authorization header field, whose name can have any case; undefined for other schemes. */
export function schemeOf(authorization: string): Scheme | undefined {
  const [name = ''] = authorization.split(' ', 1)
  return SCHEMES.find((scheme) => scheme.toLowerCase() === name.toLowerCase())
}
