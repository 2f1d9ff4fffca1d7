import { parseDictionary } from 'structured-headers'

/** Returns the members of Debug-Trace without their parameters. An independent library parses the header field. */
export function readDebugTrace(field: unknown): Record<string, unknown> {
  const members = [...parseDictionary(String(field))].map(([name, [value]]) => [name, value])
  return Object.fromEntries(members)
}
