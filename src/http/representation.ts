import { selectMediaType } from './accept.ts'
import { JSON_TYPE, PROBLEM_JSON, PROBLEM_XML, XML } from './media-types.ts'
import { formatXml } from './xml.ts'

/**
 * Media types of a success for clients that accept only problem details. The success has the format of the problem
 * details: JSON or XML.
 */
const DATA_TYPES: Record<string, string> = { [PROBLEM_JSON]: JSON_TYPE, [PROBLEM_XML]: XML }

/**
 * Selects the media type of a success.
 *
 * @param field value of Accept; if empty, any type is acceptable
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
 * Converts JSON to XML.
 *
 * @param title title of the schema, which becomes the name of the root element
 */
export function jsonToXml(title: string, json: string): string {
  return formatXml(title.charAt(0).toLowerCase() + title.slice(1), JSON.parse(json))
}
