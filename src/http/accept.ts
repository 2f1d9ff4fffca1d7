import { parameters, parseEssence, split, weightOf } from './field.ts'

interface MediaType {
  type: string
  subtype: string
  parameters: Map<string, string>
}

/** A media type or wildcard of an Accept field, with its weight. */
type MediaRange = MediaType & { quality: number }

/** The range that decides on an offered type, and how exactly it names it. */
interface Match {
  quality: number
  specificity: number
  position: number
}

/**
 * Picks the media type to answer in (RFC 9110 §12.5.1).
 *
 * The weight of each offered type is that of the most specific range that matches it, whatever the
 * order of the ranges. Among the best weights, the type that was asked for more exactly wins, then
 * the one asked for first, then the one offered first. A malformed range is disregarded.
 *
 * @param field the Accept field; absent or empty, anything is acceptable.
 * @param offered media types with their parameters, the preferred one first.
 * @returns one of `offered`, or undefined where none is acceptable.
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

/** The most specific range that matches decides; of two alike, the first. */
function matchOf(offered: MediaType | undefined, ranges: MediaRange[]): Match | undefined {
  return ranges
    .map((range, position) => ({
      quality: range.quality,
      specificity: offered ? specificityOf(range, offered) : 0,
      position,
    }))
    .filter(({ specificity }) => specificity > 0)
    .sort((a, b) => b.specificity - a.specificity)[0]
}

/** 0 for no match, then one step each for the wildcard, the type, the subtype and every parameter. */
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

/** One member of the list, or nothing where it is malformed. */
function parseRange(member: string): MediaRange[] {
  const pieces = split(member, ';')
  // what follows the weight belonged to no media type, and is not sent any more
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
