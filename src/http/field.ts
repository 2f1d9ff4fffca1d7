/**
 * Splits the value of a header field at a delimiter outside quoted strings (RFC 9110 §5.6.1, §5.6.4).
 *
 * Takes linear time, even for a value from an attacker.
 *
 * @returns the trimmed members, without empty ones
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
 * Parses `name=value` parameters (RFC 9110 §5.6.6). Returns names in lower case, and values without quotes. If a
 * name is repeated, the first value counts.
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

/**
 * Returns the weight `q` of a member's parameters, 1 by default (RFC 9110 §12.4.2). Clients also send `.2` and four
 * decimals. A number out of range becomes 0 or 1, and other text is ignored.
 */
export function weightOf(members: string[]): number {
  const weight = Number.parseFloat(parameters(members).get('q') ?? '1')
  return Number.isNaN(weight) ? 1 : Math.min(1, Math.max(0, weight))
}

function unquote(value: string): string {
  if (!value.startsWith('"') || !value.endsWith('"')) return value
  return value.slice(1, -1).replace(/\\(.)/g, '$1')
}

/** `token=token` or `token="quoted string"` (RFC 9110 §5.6.6). */
const PARAMETER = /^([\w!#$%&'*+.^`|~-]+)=(?:[\w!#$%&'*+.^`|~-]+|"(?:[^"\\]|\\.)*")$/

/**
 * A boundary without quotes, with characters that need quotes (RFC 2046 §5.1.1), such as `----=_Part_1` of JavaMail. A
 * comma is not accepted, since it separates the members of a list.
 */
const BARE_BOUNDARY = /^(boundary)=[\w'()+./:=?-]+$/i

/**
 * ASCII text that a header field can contain. `isMediaType` checks this, since `split` trims the members, which also
 * removes white space that HTTP does not allow.
 */
const PRINTABLE = /^[\t -~]+$/

/**
 * Returns true for a single well-formed media type (RFC 9110 §8.3.1). Refuses lists and repeated parameters
 * (RFC 6838 §4.3), because parsers disagree on which value counts.
 */
export function isMediaType(text: string): boolean {
  const [essence = '', ...rest] = split(text, ';')
  const names = rest.map((member) => parameterName(member))
  const areDistinct = !names.includes(undefined) && new Set(names).size === names.length
  return PRINTABLE.test(text) && parseEssence(essence) !== undefined && areDistinct
}

function parameterName(parameter: string): string | undefined {
  const match = PARAMETER.exec(parameter) ?? BARE_BOUNDARY.exec(parameter)
  return match?.[1]?.toLowerCase()
}

const MEDIA_TYPE = /^([\w!#$%&'*+.^`|~-]+)\/([\w!#$%&'*+.^`|~-]+)$/

/** Splits `type/subtype` (RFC 9110 §8.3.1) and converts it to lower case; returns undefined for any other text. */
export function parseEssence(essence: string): { type: string; subtype: string } | undefined {
  const [, type, subtype] = MEDIA_TYPE.exec(essence.toLowerCase()) ?? []
  return type && subtype ? { type, subtype } : undefined
}
