import type { Count } from '../storage/list.ts'
import { parameters, split } from './field.ts'

/** How much of the result a client wants in the response to a write (RFC 7240 §4.2). */
export type ReturnPreference = 'minimal' | 'representation'

/** Returns the preference `return` of Prefer; undefined for unknown values. */
export function returnPreference(field: string): ReturnPreference | undefined {
  const value = preference(field, 'return')
  return value === 'minimal' || value === 'representation' ? value : undefined
}

/** Returns the preference `count` of Prefer, as PostgREST defines it; undefined for unknown values. */
export function countPreference(field: string): Count | undefined {
  const value = preference(field, 'count')
  return value === 'exact' || value === 'estimated' ? value : undefined
}

/**
 * Returns the value of a preference, in lower case (RFC 7240 §2). The first of several counts. Other preferences and
 * parameters are ignored.
 */
function preference(field: string, name: string): string | undefined {
  const preferences = split(field, ',').flatMap((member) => split(member, ';').slice(0, 1))
  return parameters(preferences).get(name)?.toLowerCase()
}
