/** Header fields and values that several tables use. */
export const AUTHORIZED = { Authorization: 'Bearer secret-token' }
export const JSON_TYPE = { 'Content-Type': 'application/json' }
export const TEXT = { 'Content-Type': 'text/plain' }
export const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' }
export const AS_JSON = { Accept: 'application/json' }

/** A valid note. */
export const NOTE = '{"title":"t","body":"b","author":"a"}'

export const BROWSER =
  'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7'

/** Media types that the service can parse, in the order in which a 415 of /mirror lists them. */
export const PARSED_TYPES =
  'text/plain, application/json, application/merge-patch+json, application/json-patch+json, ' +
  'application/xml, text/xml, application/x-www-form-urlencoded, multipart/form-data, ' +
  'application/octet-stream'

/** Matches a Vary that lists Accept, not only Accept-Encoding. */
export const VARIES = /\bAccept\b(?!-)/

/** Media types of a patch, as in Accept-Patch. */
export const PATCH_TYPES =
  'application/merge-patch+json, application/json-patch+json, application/json'

/** A date before the last modification of every resource. */
export const LONG_AGO = 'Sun, 06 Nov 1994 08:49:37 GMT'
