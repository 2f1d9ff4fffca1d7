import { parameters, split } from './field.ts'

/** How much of the result a client wants in the response to a write (RFC 7240 §4.2). */
export type ReturnPreference = 'minimal' | 'representation'

/**
 * Returns the preference `return` of Prefer (RFC 7240 §2). The first of several counts. Other preferences, parameters
 * and unknown values are ignored.
 */
export function returnPreference(field: string): ReturnPreference | undefined {
  const preferences = split(field, ',').flatMap((member) => split(member, ';').slice(0, 1))
  const value = parameters(preferences).get('return')?.toLowerCase()
  return value === 'minimal' || value === 'representation' ? value : undefined
}
