/**
 * Header fields that usually contain credentials (RFC 9110 §11.6, §11.7, RFC 6265), which are never shown or
 * logged.
 */
export const CREDENTIAL_FIELDS = [
  'authorization',
  'cookie',
  'proxy-authorization',
  'set-cookie',
  'x-api-key',
  'x-auth-token',
]
