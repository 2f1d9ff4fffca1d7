/** Does work now or soon, or refuses it where there is no time for it. */
export type Admit = (work: () => void, refuse: () => void) => void

/** What admission knows of the event loop. */
export interface Loop {
  /** In milliseconds. */
  now(): number
  /** Calls back when all that has come by now was read: at the end of this turn. */
  atEndOfTurn(done: () => void): void
}

/** How long work may have waited while more is put off behind it, in milliseconds. */
const SHORT_WAIT = 75

/** How long what was put off may wait at all: the most that is done of a burst, in milliseconds. */
const LONGEST_WAIT = 500

/**
 * Has as much done as there is time for.
 *
 * In a turn the event loop reads all sockets that have something, so what has come in the meantime waits as
 * long as the turn before and this one take. So work has `maxDelay` milliseconds of each turn, and what is
 * beyond is put off to the next, in its order. Where that has to wait for long, more comes than can be done:
 * nothing more is put off until all of it is done, and there is no time for what is beyond a turn. Whatever is
 * done so is done soon, and nothing is done for clients that wait no more.
 */
export function createAdmission(
  maxDelay: number,
  loop: Loop = { now: () => performance.now(), atEndOfTurn: setImmediate },
): Admit {
  let turnBegan: number | undefined
  let waiting = 0
  /** How long the latest of what was put off has waited. */
  let wait = 0

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

  function putOff(since: number, work: () => void, refuse: () => void) {
    waiting++

    /** Work by work, and not all at once, so that what each leaves to do counts too. */
    function doInTime() {
      const now = loop.now()
      if (!isInTime(now)) {
        loop.atEndOfTurn(doInTime)
        return
      }
      waiting--
      wait = waiting > 0 ? now - since : 0
      if (now - since < LONGEST_WAIT) work()
      else refuse()
    }

    // not before the end of the next turn: first others are read
    loop.atEndOfTurn(() => loop.atEndOfTurn(doInTime))
  }

  return (work, refuse) => {
    const now = loop.now()
    if (waiting === 0 && isInTime(now)) work()
    else if (wait < SHORT_WAIT) putOff(now, work, refuse)
    else refuse()
  }
}
