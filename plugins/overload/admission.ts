/** Admission control: handles, queues or refuses a request, depending on how busy the event loop is. */

/** Calls `handle` now or later, or `refuse`. */
export type Admit = (handle: () => void, refuse: () => void) => void

/** The event loop; tests simulate it. */
export interface Loop {
  /** In milliseconds. */
  now(): number
  /** Calls back at the end of this turn (loop iteration), when every ready socket has been read. */
  atEndOfTurn(done: () => void): void
}

/** If requests wait longer in the queue, no more are added until it is empty. */
const MAX_QUEUE_DELAY_MS = 75

/** Requests that waited longer are refused, which limits how much of a burst is handled. */
const MAX_WAIT_MS = 500

/**
 * Creates the admission control.
 *
 * A turn of the event loop reads every ready socket before anything else happens, so a request may have
 * waited for the whole previous turn. Requests are therefore handled for `budgetMs` per turn; the rest are
 * queued for the next turns, first in, first out. If requests wait too long in the queue, more arrive than
 * can be handled: until the queue is empty, nothing is added, and requests over the budget are refused. So
 * admitted requests are answered soon, and none is handled for a client that has given up.
 */
export function createAdmission(
  budgetMs: number,
  loop: Loop = { now: () => performance.now(), atEndOfTurn: setImmediate },
): Admit {
  const isWithinBudget = trackTurns(budgetMs, loop)
  let queueLength = 0
  /** Time that the request that left the queue last had waited; 0 if the queue is empty. */
  let queueDelayMs = 0

  function enqueue(queuedAt: number, handle: () => void, refuse: () => void) {
    queueLength++

    // A callback per request, so that its promise jobs run before the next request and count for the budget.
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

    // Waits for the end of the next turn, which reads its sockets first, so that probes overtake the queue.
    loop.atEndOfTurn(() => loop.atEndOfTurn(dequeue))
  }

  return (handle, refuse) => {
    const now = loop.now()
    if (queueLength === 0 && isWithinBudget(now)) handle()
    else if (queueDelayMs < MAX_QUEUE_DELAY_MS) enqueue(now, handle, refuse)
    else refuse()
  }
}

/** Returns a function that returns true until the requests of this turn have taken `budgetMs`. */
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
