/**
 * Returns a function that calls `work` and returns its promise. While an earlier call with the same key is pending, the
 * function returns the promise of that call instead.
 */
export function shareConcurrent<Result>() {
  const running = new Map<string, Promise<Result>>()
  return (key: string, work: () => Promise<Result>): Promise<Result> => {
    const found = running.get(key)
    if (found) return found
    const promise = work().finally(() => running.delete(key))
    running.set(key, promise)
    return promise
  }
}
