import { selectMediaType } from './accept.ts'
import { JSON_TYPE, PROBLEM_JSON, PROBLEM_XML, XML } from './media-types.ts'
import { formatXml } from './xml.ts'

/** Who reads problems in a syntax reads data in it: to ask for problems alone is no refusal of data. */
const SYNTAX_OF_PROBLEM: Record<string, string> = { [PROBLEM_JSON]: JSON_TYPE, [PROBLEM_XML]: XML }

/**
 * Picks the media type of a success.
 *
 * @param field the Accept field; empty, anything is acceptable.
 * @param offered media types with their parameters, the preferred one first.
 * @returns one of `offered`, or undefined where none is acceptable.
 */
export function selectRepresentation(
  field: string,
  offered: readonly string[],
): string | undefined {
  const mediaType = selectMediaType(field, offered)
  if (mediaType !== undefined) return mediaType
  const problem = selectMediaType(field, Object.keys(SYNTAX_OF_PROBLEM)) ?? ''
  return offered.find((each) => each === SYNTAX_OF_PROBLEM[problem])
}

/**
 * Writes serialized JSON as XML. It starts from the JSON, so that nothing is shown that the schema,
 * which the JSON was written by, does not name.
 *
 * @param title what the data is called.
 */
export function jsonToXml(title: string, json: string): string {
  return formatXml(title.charAt(0).toLowerCase() + title.slice(1), JSON.parse(json))
}
