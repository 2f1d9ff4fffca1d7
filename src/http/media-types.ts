/** Media types of responses, as in Content-Type. */
export const TEXT = 'text/plain; charset=utf-8'
export const JSON_TYPE = 'application/json; charset=utf-8'
export const XML = 'application/xml; charset=utf-8'
export const HTML = 'text/html; charset=utf-8'
export const PROBLEM_JSON = 'application/problem+json'
export const PROBLEM_XML = 'application/problem+xml'

/** Media type in the schema of a route whose handler sets Content-Type. */
export const ANY = '*/*'

/** Vary of every response. Errors have it too, since errors are also negotiated and compressed. */
export const NEGOTIATED_VARY = 'Accept, Accept-Encoding'

const FULL = new Map([TEXT, JSON_TYPE, XML, HTML].map((full) => [essenceOf(full), full]))

/** Returns the Content-Type of a media type, with a charset if the media type has one. */
export function contentType(essence: string): string {
  return FULL.get(essence) ?? essence
}

/** Returns a media type without its parameters. */
export function essenceOf(mediaType: string): string {
  const end = mediaType.indexOf(';')
  return end < 0 ? mediaType : mediaType.slice(0, end)
}
