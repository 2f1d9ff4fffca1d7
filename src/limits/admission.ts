/** Does work now or soon, or refuses it where there is no time for it. */
export type Admit = (work: () => void, refuse: () => void) => void

/** What admission knows of the event loop. */
export interface Loop {
  /** In milliseconds. */
  now(): number
  /** Calls back when all that has come by now was read: at the end of this turn. */
  atEndOfTurn(done: () => void): void
}

/** How long work may be put off, and before any is refused, in milliseconds: a burst is served. */
const BURST = 500

/**
 * Finds out whether more comes than can be done.
 *
 * In a turn the event loop reads all sockets that have something, so what has come in the meantime waits as
 * long as the turn before and this one take. So work has `maxDelay` milliseconds of each turn, and what is
 * beyond is put off to the next, in its order. Once it has been too much for half a second, nothing more is
 * put off: each turn does what is read in its time, and there is none for the rest. Whatever is done so is
 * done soon, and nothing is done for clients that wait no more.
 */
export function createAdmission(
  maxDelay: number,
  loop: Loop = { now: () => performance.now(), atEndOfTurn: setImmediate },
): Admit {
  const putOff: { since: number; work: () => void; refuse: () => void }[] = []
  let turnBegan: number | undefined
  let turnEnded = loop.now()
  let longSince: number | undefined

  function beginTurn(now: number) {
    loop.atEndOfTurn(endTurn)
    turnBegan = now
    return now
  }

  function endTurn() {
    turnEnded = loop.now()
    if (putOff.length > 0) doPutOff(beginTurn(turnEnded))
    else {
      if (turnEnded - Number(turnBegan) <= maxDelay) longSince = undefined
      turnBegan = undefined
    }
  }

  function doPutOff(began: number) {
    let now = began
    for (
      let next = putOff.shift();
      next;
      next = now - began <= maxDelay ? putOff.shift() : undefined
    ) {
      if (now - next.since < BURST) next.work()
      else next.refuse()
      now = loop.now()
    }
  }

  return (work, refuse) => {
    const now = loop.now()
    // a pause as long as that had time for more; a shorter one may be full of other work
    if (turnBegan === undefined && now - turnEnded > BURST) longSince = undefined
    const began = turnBegan ?? beginTurn(now)
    if (now - began <= maxDelay) {
      work()
      return
    }
    longSince ??= now
    if (now - longSince < BURST) putOff.push({ since: now, work, refuse })
    else refuse()
  }
}
