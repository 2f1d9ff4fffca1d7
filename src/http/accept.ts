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
 * one offered first. Malformed ranges are ignored.
 *
 * @param field value of Accept; if absent or empty, any type is acceptable
 * @param offered media types with their parameters, preferred first
 * @returns one of `offered`, or undefined if none is acceptable
 */
export function selectMediaType(
  field: string | undefined,
  offered: readonly string[],
): string | undefined {
  const members = split(field ?? '', ',')
  if (members.length === 0) return offered[0]
  const ranges = members.flatMap(parseRange)
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

/** Returns 0 for no match, 1 for the wildcard, 2 for the type, 3 for the subtype, plus 1 per parameter. */
function specificityOf(range: MediaRange, offered: MediaType): number {
  if (range.type === '*') return 1
  if (range.type !== offered.type) return 0
  if (range.subtype === '*') return 2
  if (range.subtype !== offered.subtype) return 0
  const differs = [...range.parameters].some(
    ([name, value]) => offered.parameters.get(name)?.toLowerCase() !== value.toLowerCase(),
  )
  return differs ? 0 : 3 + range.parameters.size
}

/** Returns an empty list if the member is malformed. */
function parseRange(member: string): MediaRange[] {
  const pieces = split(member, ';')
  // Parameters after the weight are not part of the media type; RFC 9110 no longer defines them.
  const end = pieces.findIndex((piece) => /^q\s*=/i.test(piece))
  const range = parse(end < 0 ? pieces : pieces.slice(0, end))
  if (!range || (range.type === '*' && range.subtype !== '*')) return []
  const quality = weightOf(pieces)
  return quality === undefined ? [] : [{ ...range, quality }]
}

function parse([essence = '', ...rest]: string[]): MediaType | undefined {
  const names = parseEssence(essence)
  return names && { ...names, parameters: parameters(rest) }
}
