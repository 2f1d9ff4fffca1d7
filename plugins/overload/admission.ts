/** Admission control: handles, queues or refuses a request, depending on how busy the event loop is. */

export interface Admission {
  /** Returns true if a request can be handled now, in which case the caller need not call `admit`. */
  hasTime(): boolean
  /** Calls `handle` now or later, or `refuse`. A few urgent requests per turn overtake the queue. */
  admit(handle: () => void, refuse: () => void, isUrgent?: boolean): void
}

/** The event loop; tests simulate it. */
export interface Loop {
  /** Returns the time in milliseconds. */
  now(): number
  /** Calls back at the end of this turn (loop iteration), when every ready socket has been read. */
  atEndOfTurn(done: () => void): void
}

/** If requests wait longer than this in the queue, no more are added until the queue is empty. */
const MAX_QUEUE_DELAY_MS = 75

/** Urgent requests that overtake the queue in each turn. A flood of urgent requests must not hold up the others. */
const MAX_URGENT = 4

/** Requests that have waited longer than this are refused, since their clients may have given up. */
const MAX_WAIT_MS = 500

/**
 * Creates the admission control.
 *
 * Each turn of the event loop first reads every ready socket. The time for handling requests is limited to `budgetMs`
 * per turn, since a new request may have to wait for the whole turn. Further requests are queued for the next turns,
 * first in, first out. If requests wait too long in the queue, new requests over the budget are refused until the queue
 * is empty. So every client soon gets a response or a refusal.
 */
export function createAdmission(
  budgetMs: number,
  loop: Loop = { now: () => performance.now(), atEndOfTurn: setImmediate },
): Admission {
  const { isWithinBudget, isUrgentLeft } = trackTurns(budgetMs, loop)
  let queueLength = 0
  /** Waiting time of the last request that left the queue; 0 if the queue is empty. */
  let queueDelayMs = 0

  function enqueue(queuedAt: number, handle: () => void, refuse: () => void) {
    queueLength++

    // One callback for each request, so that its promise jobs run before the next request and count towards the budget.
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

    // Waits for the end of the next turn, so that probes that arrive meanwhile are handled first.
    loop.atEndOfTurn(() => loop.atEndOfTurn(dequeue))
  }

  const hasTimeAt = (now: number) => queueLength === 0 && isWithinBudget(now)
  return {
    hasTime: () => hasTimeAt(loop.now()),
    admit(handle, refuse, isUrgent = false) {
      const now = loop.now()
      if (hasTimeAt(now) || (isUrgent && isUrgentLeft(now))) handle()
      else if (queueDelayMs < MAX_QUEUE_DELAY_MS) enqueue(now, handle, refuse)
      else refuse()
    },
  }
}

/** Tracks the time and the urgent requests of each turn. */
function trackTurns(budgetMs: number, loop: Loop) {
  let turnStartedAt: number | undefined
  let urgent = 0

  function turnTime(now: number): number {
    if (turnStartedAt === undefined) {
      turnStartedAt = now
      urgent = 0
      loop.atEndOfTurn(() => {
        turnStartedAt = undefined
      })
    }
    return now - turnStartedAt
  }

  return {
    /** Returns true while the requests of this turn have taken at most `budgetMs`. */
    isWithinBudget: (now: number) => turnTime(now) <= budgetMs,
    /** Counts an urgent request, and returns false if there are too many in this turn. */
    isUrgentLeft(now: number): boolean {
      turnTime(now)
      urgent++
      return urgent <= MAX_URGENT
    },
  }
}
