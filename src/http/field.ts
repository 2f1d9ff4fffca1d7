/**
 * Splits the value of a field at a delimiter, leaving quoted strings whole (RFC 9110 §5.6.1, §5.6.4).
 *
 * One pass over the text, whatever it holds: a field is a client's, and may be built to be slow.
 *
 * @returns the members without the white space round them; empty ones are dropped.
 */
export function split(value: string, delimiter: ',' | ';'): string[] {
  const members: string[] = []
  let start = 0
  let quoted = false
  for (let index = 0; index < value.length; index++) {
    const character = value[index]
    if (character === '"') quoted = !quoted
    else if (character === '\\' && quoted) index++
    else if (character === delimiter && !quoted) {
      members.push(value.slice(start, index))
      start = index + 1
    }
  }
  members.push(value.slice(start))
  return members.map((member) => member.trim()).filter(Boolean)
}

/**
 * Reads `name=value` parameters (RFC 9110 §5.6.6): names in lower case, quotes taken off the values.
 * Of a repeated name the first counts.
 */
export function parameters(members: string[]): Map<string, string> {
  const result = new Map<string, string>()
  for (const member of members) {
    const [name = '', ...rest] = member.split('=')
    const key = name.trim().toLowerCase()
    if (!result.has(key)) result.set(key, unquote(rest.join('=').trim()))
  }
  return result
}

const QUALITY = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/

/** Reads the weight among the parameters of a member (RFC 9110 §12.4.2); undefined where it is none. */
export function weightOf(members: string[]): number | undefined {
  const weight = parameters(members).get('q') ?? '1'
  return QUALITY.test(weight) ? Number(weight) : undefined
}

function unquote(value: string): string {
  if (!value.startsWith('"') || !value.endsWith('"')) return value
  return value.slice(1, -1).replace(/\\(.)/g, '$1')
}

/** One that RFC 9110 §5.6.6 knows: a token, and behind the equals sign another or a quoted string. */
const PARAMETER = /^([\w!#$%&'*+.^`|~-]+)=(?:[\w!#$%&'*+.^`|~-]+|"(?:[^"\\]|\\.)*")$/

/** What a field may hold in ASCII: `trim` knows more white space than HTTP does. */
const PRINTABLE = /^[\t -~]+$/

/**
 * Whether the text is one well-formed media type (RFC 9110 §8.3.1). A list is none, and neither is what
 * names a parameter twice (RFC 6838 §4.3): of such, one reader takes the first and another the last.
 */
export function isMediaType(text: string): boolean {
  const [essence = '', ...rest] = split(text, ';')
  const names = rest.map((member) => PARAMETER.exec(member)?.[1]?.toLowerCase())
  const areDistinct = !names.includes(undefined) && new Set(names).size === names.length
  return PRINTABLE.test(text) && parseEssence(essence) !== undefined && areDistinct
}

const MEDIA_TYPE = /^([\w!#$%&'*+.^`|~-]+)\/([\w!#$%&'*+.^`|~-]+)$/

/** Splits `type/subtype` (RFC 9110 §8.3.1), in lower case; undefined where the text is no media type. */
export function parseEssence(essence: string): { type: string; subtype: string } | undefined {
  const [, type, subtype] = MEDIA_TYPE.exec(essence.toLowerCase()) ?? []
  return type && subtype ? { type, subtype } : undefined
}
