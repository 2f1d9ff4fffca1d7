import { parameters, parseEssence, split, weightOf } from './field.ts'

interface MediaType {
  type: string
  subtype: string
  parameters: Map<string, string>
}

/** A media type or wildcard in Accept, with a weight. */
type MediaRange = MediaType & { quality: number }

/**
 * Selects the media type of a response (RFC 9110 §12.5.1).
 *
 * The weight of an offered type is the weight of the most specific range that matches the type. Among types with
 * the highest weight, the one with the most specific range wins, then the one with the earliest range, then the
 * one offered first. `*` is read as the wildcard, as old Java clients send it. Malformed ranges are ignored.
 *
 * @param field value of Accept; if it contains no range, any type is acceptable
 * @param offered media types with their parameters, preferred first
 * @returns one of `offered`, or undefined if none is acceptable
 */
export function selectMediaType(
  field: string | undefined,
  offered: readonly string[],
): string | undefined {
  const ranges = split(field ?? '', ',').flatMap(parseRange)
  if (ranges.length === 0) return offered[0]
  const [best] = offered
    .flatMap((mediaType) => {
      const match = matchOf(parse(split(mediaType, ';')), ranges)
      return match && match.quality > 0 ? [{ mediaType, ...match }] : []
    })
    .sort(
      (a, b) => b.quality - a.quality || b.specificity - a.specificity || a.position - b.position,
    )
  return best?.mediaType
}

/** Returns the most specific range that matches an offered type; if several are equally specific, the first. */
function matchOf(offered: MediaType | undefined, ranges: MediaRange[]) {
  return ranges
    .map((range, position) => ({
      quality: range.quality,
      specificity: offered ? specificityOf(range, offered) : 0,
      position,
    }))
    .filter(({ specificity }) => specificity > 0)
    .sort((a, b) => b.specificity - a.specificity)[0]
}

/**
 * Returns 0 for no match, 1 for the wildcard, 2 for the type, 3 for the subtype, plus 1 per equal parameter.
 *
 * A parameter that the offered type does not have is ignored, but makes the range less specific than the range
 * without it. So does another charset, since all responses are in UTF-8.
 */
function specificityOf(range: MediaRange, offered: MediaType): number {
  if (range.type === '*') return 1
  if (range.type !== offered.type) return 0
  if (range.subtype === '*') return 2
  if (range.subtype !== offered.subtype) return 0
  let specificity = 3
  let isExact = true
  for (const [name, value] of range.parameters) {
    const known = offered.parameters.get(name)?.toLowerCase()
    if (known === value.toLowerCase()) specificity += 1
    else if (known === undefined || name === 'charset') isExact = false
    else return 0
  }
  return isExact ? specificity : specificity - 0.5
}

/** Returns an empty list if the member is malformed. */
function parseRange(member: string): MediaRange[] {
  const pieces = split(member, ';')
  // Parameters after the weight are not part of the media type; RFC 9110 no longer defines them.
  const end = pieces.findIndex((piece) => /^q\s*=/i.test(piece))
  const range = parse(end < 0 ? pieces : pieces.slice(0, end))
  if (!range || (range.type === '*' && range.subtype !== '*')) return []
  return [{ ...range, quality: weightOf(pieces) }]
}

function parse([essence = '', ...rest]: string[]): MediaType | undefined {
  const names = parseEssence(essence === '*' ? '*/*' : essence)
  return names && { ...names, parameters: parameters(rest) }
}
