import { parseDictionary } from 'structured-headers'

/** Parses Debug-Trace with an independent library. Returns its members without their parameters. */
export function readDebugTrace(field: unknown): Record<string, unknown> {
  const members = [...parseDictionary(String(field))].map(([name, [value]]) => [name, value])
  return Object.fromEntries(members)
}
