/** Tells of each request, as it is read, whether there is time for it. */
export type Admit = () => boolean

/** What admission knows of the event loop. */
export interface Loop {
  /** In milliseconds. */
  now(): number
  /** Calls back when all that has come by now was read: at the end of this turn. */
  atEndOfTurn(done: () => void): void
}

/** How long turns may be too long before anything is refused, in milliseconds: a burst is served. */
const BURST = 500

/**
 * Finds out whether more comes than can be done.
 *
 * In a turn the event loop reads all sockets that have something, so what has come in the meantime waits as
 * long as the turn before and this one take. While turns keep being longer than `maxDelay` milliseconds,
 * each handles what is read in that time, and there is none for the rest. Whatever is handled so is
 * answered soon, and nothing is done for clients that wait no more.
 */
export function createAdmission(
  maxDelay: number,
  loop: Loop = { now: () => performance.now(), atEndOfTurn: setImmediate },
): Admit {
  let turnBegan: number | undefined
  let turnEnded = loop.now()
  let longSince: number | undefined

  function beginTurn(now: number) {
    // a pause as long as that had time for more; a shorter one may be full of other work
    if (now - turnEnded > BURST) longSince = undefined
    loop.atEndOfTurn(endTurn)
    return now
  }

  function endTurn() {
    turnEnded = loop.now()
    if (turnEnded - Number(turnBegan) <= maxDelay) longSince = undefined
    turnBegan = undefined
  }

  return () => {
    const now = loop.now()
    turnBegan ??= beginTurn(now)
    if (now - turnBegan <= maxDelay) return true
    longSince ??= turnBegan + maxDelay
    return now - longSince < BURST
  }
}
