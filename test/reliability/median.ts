/** Returns the median (the upper one of an even number of values), or NaN if there are no values. */
export function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}
