/** Returns the median, or NaN without values. For an even number of values, returns the upper middle value. */
export function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}
