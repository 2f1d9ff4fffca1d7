/**
 * Fields that hold credentials (RFC 9110 §11.6, §11.7, RFC 6265), and those that others put some into:
 * never shown and never logged.
 */
export const CREDENTIAL_FIELDS = [
  'authorization',
  'cookie',
  'proxy-authorization',
  'set-cookie',
  'x-api-key',
  'x-auth-token',
]
