/** Matches a parameter in a route's URL, including its regular expression if it has one, or the wildcard. */
export const PARAMETER = /:(\w+)(?:\((?:[^()]|\([^()]*\))*\))?|\*/g

/**
 * Replaces the parameters of a route's URL, such as `/things/:thingId`, by percent-encoded values (RFC
 * 3986 §2.1). A slash is also encoded, except in the value of a wildcard, which is a path.
 *
 * @throws {TypeError} for a parameter without a value, a value without a parameter, a segment that is not
 * well-formed Unicode, and a segment that clients would remove (`.`, `..` or empty)
 */
export function fillPath(template: string, values: Record<string, unknown> = {}): string {
  const unused = new Set(Object.keys(values))
  const path = template.replace(PARAMETER, (match, name = match) => {
    unused.delete(name)
    const value = Object.hasOwn(values, name) ? values[name] : undefined
    if (value === undefined || value === null)
      throw new TypeError(`${template} needs a value for ${name}`)
    const segments = name === '*' ? String(value).split('/') : [String(value)]
    return segments.map((segment) => encodeSegment(segment, template, name)).join('/')
  })
  if (unused.size > 0) throw new TypeError(`${template} has no parameter ${[...unused].join(', ')}`)
  return path
}

function encodeSegment(segment: string, template: string, name: string): string {
  if (/^\.{0,2}$/.test(segment) || !segment.isWellFormed()) {
    throw new TypeError(`${template} cannot hold ${JSON.stringify(segment)} as ${name}`)
  }
  return encodeURIComponent(segment)
}
