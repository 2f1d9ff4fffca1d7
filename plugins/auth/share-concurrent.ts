/**
 * Returns a function that runs work under a key. If work with the same key is already running, the function
 * returns the promise of that work instead.
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
