/** Returns false if a parameter is empty: `/things/` is no thing, although the router matches it. */
export function hasAllParams(params: unknown): boolean {
  // Values are strings at this point, since validation converts them later.
  const values = params as Record<string, string>
  for (const name in values) if (values[name] === '') return false
  return true
}
