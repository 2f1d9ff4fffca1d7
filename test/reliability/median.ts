/** Returns the median, or NaN without values. For an even number of values, it is the upper one in the middle. */
export function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}
