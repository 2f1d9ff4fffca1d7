import { selectMediaType } from './accept.ts'
import { JSON_TYPE, PROBLEM_JSON, PROBLEM_XML, XML } from './media-types.ts'
import { formatXml } from './xml.ts'

/** A client that accepts only problem details can read data in the same syntax. */
const DATA_TYPES: Record<string, string> = { [PROBLEM_JSON]: JSON_TYPE, [PROBLEM_XML]: XML }

/**
 * Selects the media type of a success.
 *
 * @param field Accept; if it is empty, any type is acceptable
 * @param offered media types with their parameters, preferred first
 * @returns one of `offered`, or undefined if none is acceptable
 */
export function selectRepresentation(
  field: string,
  offered: readonly string[],
): string | undefined {
  const mediaType = selectMediaType(field, offered)
  if (mediaType !== undefined) return mediaType
  const problem = selectMediaType(field, Object.keys(DATA_TYPES)) ?? ''
  return offered.find((each) => each === DATA_TYPES[problem])
}

/**
 * Converts JSON to XML. The JSON has only the properties of the schema, so the XML has only those too.
 *
 * @param title of the schema; names the root element
 */
export function jsonToXml(title: string, json: string): string {
  return formatXml(title.charAt(0).toLowerCase() + title.slice(1), JSON.parse(json))
}
