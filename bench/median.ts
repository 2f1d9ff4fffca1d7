/** The middle one of some values, in the order of their size; NaN where there are none. */
export function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}
