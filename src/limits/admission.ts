/** Does work now or soon, or refuses it where there is no time for it. */
export type Admit = (work: () => void, refuse: () => void) => void

/** What admission knows of the event loop, in milliseconds. */
export interface Loop {
  now(): number
  /** For how long there was nothing to do so far. */
  idle(): number
  /** Calls back when all that has come by now was read: at the end of this turn. */
  atEndOfTurn(done: () => void): void
}

/** How long work may be put off, and before any is refused, in milliseconds: a burst is served. */
const BURST = 500

const EVENT_LOOP: Loop = {
  now: () => performance.now(),
  idle: () => performance.nodeTiming.idleTime,
  atEndOfTurn: setImmediate,
}

/**
 * Finds out whether more comes than can be done.
 *
 * In a turn the event loop reads all sockets that have something, so what has come in the meantime waits as
 * long as the turn before and this one take. So work has `maxDelay` milliseconds of each turn, and what is
 * beyond is put off to the next, in its order. Where that goes on for half a second, in which the loop was
 * hardly idle, nothing more is put off: each turn does what is read in its time, and there is none for the
 * rest. Whatever is done so is done soon, and nothing is done for clients that wait no more.
 */
export function createAdmission(maxDelay: number, loop: Loop = EVENT_LOOP): Admit {
  let waiting = 0
  let turnBegan: number | undefined
  let burstBegan = 0
  let idle = Number.NEGATIVE_INFINITY

  function isInTime(now: number): boolean {
    if (turnBegan === undefined) {
      turnBegan = now
      loop.atEndOfTurn(endTurn)
    }
    return now - turnBegan <= maxDelay
  }

  function endTurn() {
    turnBegan = undefined
  }

  /** Whether it has not been too much for long: where there was time for as much more, it begins anew. */
  function isBurst(now: number): boolean {
    const idleBefore = idle
    idle = loop.idle()
    if (idle - idleBefore > maxDelay) burstBegan = now
    return now - burstBegan < BURST
  }

  /** Work by work at the end of a turn, and not all at once, so that what each leaves to do counts too. */
  function doInTime(since: number, work: () => void, refuse: () => void) {
    const now = loop.now()
    if (!isInTime(now)) {
      loop.atEndOfTurn(() => doInTime(since, work, refuse))
      return
    }
    waiting--
    if (now - since < BURST) work()
    else refuse()
  }

  return (work, refuse) => {
    const now = loop.now()
    if (waiting === 0 && isInTime(now)) work()
    else if (isBurst(now)) {
      waiting++
      // not before the end of the next: first others are read
      loop.atEndOfTurn(() => loop.atEndOfTurn(() => doInTime(now, work, refuse)))
    } else refuse()
  }
}
