/** The media types that the service writes, as they stand in Content-Type. */
export const TEXT = 'text/plain; charset=utf-8'
export const JSON_TYPE = 'application/json; charset=utf-8'
export const XML = 'application/xml; charset=utf-8'
export const HTML = 'text/html; charset=utf-8'
export const PROBLEM_JSON = 'application/problem+json'
export const PROBLEM_XML = 'application/problem+xml'

/** Stands in a schema for media types that only the handler knows. */
export const ANY = '*/*'

/** What every reply varies with, errors included. */
export const NEGOTIATED = { vary: 'Accept, Accept-Encoding' }

const FULL = new Map([TEXT, JSON_TYPE, XML, HTML].map((full) => [essenceOf(full), full]))

/** Adds the charset to a type that has one; any other is its own Content-Type. */
export function contentType(essence: string): string {
  return FULL.get(essence) ?? essence
}

/** A media type without its parameters. */
export function essenceOf(mediaType: string): string {
  return mediaType.replace(/;.*/s, '')
}
