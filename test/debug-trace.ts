import { parseDictionary } from 'structured-headers'

/** The members of the field Decisions, without their parameters, as another implementation reads them. */
export function readDebugTrace(field: unknown): Record<string, unknown> {
  const members = [...parseDictionary(String(field))].map(([name, [value]]) => [name, value])
  return Object.fromEntries(members)
}
