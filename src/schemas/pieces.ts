import { Type } from 'typebox'

/** The id of a stored resource: a whole number that JSON carries without loss (RFC 8259 §6). */
export function resourceId(description: string) {
  return Type.Integer({
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    description: `${description}, by number`,
  })
}

/** A moment, in UTC to the millisecond (RFC 3339 §5.6). */
export function timestamp(description: string) {
  return Type.String({ format: 'date-time', description })
}
