/** Admission control: handles a request now, queues it, or refuses it, by the time that is left. */

/** Calls `handle` now or later, or `refuse`. */
export type Admit = (handle: () => void, refuse: () => void) => void

/** The event loop; tests have their own. */
export interface Loop {
  /** In milliseconds. */
  now(): number
  /** Calls back at the end of this turn, when every ready socket has been read. */
  atEndOfTurn(done: () => void): void
}

/** Delay of the queue above which nothing is added to it. */
const MAX_QUEUE_DELAY_MS = 75

/** Requests that were queued longer are refused: it bounds how much of a burst is handled. */
const MAX_WAIT_MS = 500

/**
 * Creates the admission control.
 *
 * A turn of the event loop reads every ready socket before anything else happens, so a request may have
 * waited for the whole turn before. Requests are therefore handled for `budgetMs` per turn; the rest are
 * queued for the next turns, first in, first out. A long delay of the queue means that more requests arrive
 * than can be handled: then nothing is added until the queue is empty, and requests over the budget are
 * refused. So admitted requests are answered soon, and none is handled for a client that has given up.
 */
export function createAdmission(
  budgetMs: number,
  loop: Loop = { now: () => performance.now(), atEndOfTurn: setImmediate },
): Admit {
  const isWithinBudget = trackTurns(budgetMs, loop)
  let queueLength = 0
  /** Wait of the request that left the queue last; 0 if the queue is empty. */
  let queueDelayMs = 0

  function enqueue(queuedAt: number, handle: () => void, refuse: () => void) {
    queueLength++

    // A callback per request: promise jobs of a request run before the next one, and count for the budget.
    function dequeue() {
      const now = loop.now()
      if (!isWithinBudget(now)) {
        loop.atEndOfTurn(dequeue)
        return
      }
      queueLength--
      queueDelayMs = queueLength > 0 ? now - queuedAt : 0
      if (now - queuedAt < MAX_WAIT_MS) handle()
      else refuse()
    }

    // At the end of the next turn: its sockets are read first, so that probes overtake the queue.
    loop.atEndOfTurn(() => loop.atEndOfTurn(dequeue))
  }

  return (handle, refuse) => {
    const now = loop.now()
    if (queueLength === 0 && isWithinBudget(now)) handle()
    else if (queueDelayMs < MAX_QUEUE_DELAY_MS) enqueue(now, handle, refuse)
    else refuse()
  }
}

/** Returns a function that is true until the requests of this turn have taken `budgetMs`. */
function trackTurns(budgetMs: number, loop: Loop) {
  let turnStartedAt: number | undefined
  const endTurn = () => {
    turnStartedAt = undefined
  }

  return (now: number) => {
    if (turnStartedAt === undefined) {
      turnStartedAt = now
      loop.atEndOfTurn(endTurn)
    }
    return now - turnStartedAt <= budgetMs
  }
}
