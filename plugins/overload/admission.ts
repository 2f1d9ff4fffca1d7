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

/** Average number of requests that take the budget of a turn, so that a few dozen clients in a closed loop are rarely queued. */
const REQUESTS_PER_TURN = 100

/** Minimum of the budget, since a coarse clock may measure no time at all. */
const MIN_BUDGET_MS = 0.1

/**
 * The queue takes as many requests as a turn, or those of MIN_QUEUE_MS if these are more, since all requests of a pause
 * arrive at once after it. It takes no more than those of MAX_QUEUE_MS.
 */
const MIN_QUEUE_MS = 40
const MAX_QUEUE_MS = 75

/** Weight of a turn in the average cost of a request, compared with the next turn. */
const DECAY = 0.95

/** Urgent requests that overtake the queue in each turn. A flood of urgent requests must not hold up the others. */
const MAX_URGENT = 4

/** After this time a request leaves the queue: if the queue is still too long, it is refused, otherwise it is handled. */
const MAX_WAIT_MS = 500

/**
 * Creates the admission control.
 *
 * Each turn of the event loop first reads every ready socket. The time for handling requests is limited per turn, since
 * a new request may have to wait for the whole turn. This budget is the time of REQUESTS_PER_TURN average requests.
 * Further requests are queued for the next turns, first in, first out. If the queue is full, requests are refused. So
 * every client soon gets a response or a refusal.
 *
 * @param maxBudgetMs maximum of the budget; Infinity for no limit
 */
export function createAdmission(
  maxBudgetMs: number,
  loop: Loop = { now: () => performance.now(), atEndOfTurn: setImmediate },
): Admission {
  let queueLength = 0
  const turns = trackTurns(maxBudgetMs, loop, () => queueLength > 0)
  const { isWithinBudget, isUrgentLeft } = turns

  function isFull(): boolean {
    const wantedMs = Math.max(MIN_QUEUE_MS, turns.timeOf(REQUESTS_PER_TURN))
    return turns.timeOf(queueLength) >= Math.min(MAX_QUEUE_MS, wantedMs)
  }

  function enqueue(queuedAt: number, handle: () => void, refuse: () => void) {
    queueLength++

    // One callback for each request, so that its promise jobs run before the next request and count towards the budget.
    function dequeue() {
      const now = loop.now()
      const isExpired = now - queuedAt >= MAX_WAIT_MS
      if (!isWithinBudget(now) && !isExpired) {
        loop.atEndOfTurn(dequeue)
        return
      }
      const respond = isExpired && isFull() ? refuse : handle
      queueLength--
      respond()
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
      else if (isFull()) refuse()
      else enqueue(now, handle, refuse)
    },
  }
}

/**
 * Tracks the time and the requests of each turn, and derives the budget from the average cost of a request.
 *
 * @param isQueued returns true while requests wait, in which case the loop is busy from the end of a turn to the next
 */
function trackTurns(maxBudgetMs: number, loop: Loop, isQueued: () => boolean) {
  let budgetMs = maxBudgetMs
  /** Sums over the last turns, in which earlier turns have less weight. */
  let timeMs = 0
  let timeBetweenMs = 0
  let requests = 0
  let turnStartedAt: number | undefined
  /** End of the last turn, if requests were queued. */
  let turnEndedAt: number | undefined
  let handled = 0
  let urgent = 0

  function endTurn(startedAt: number) {
    const now = loop.now()
    turnStartedAt = undefined
    turnEndedAt = isQueued() ? now : undefined
    // Refusals take most of the time after the budget.
    timeMs = DECAY * timeMs + Math.min(now - startedAt, budgetMs)
    timeBetweenMs *= DECAY
    requests = DECAY * requests + handled
    const isLimited = maxBudgetMs < Number.POSITIVE_INFINITY
    if (isLimited && requests > 0) {
      const learnedMs = Math.max(
        MIN_BUDGET_MS,
        REQUESTS_PER_TURN * ((timeMs + timeBetweenMs) / requests),
      )
      budgetMs = Math.min(maxBudgetMs, learnedMs)
    }
  }

  function turnTime(now: number): number {
    if (turnStartedAt === undefined) {
      // Requests also cost time between turns, such as the commit that SQLite shares among the writes of a turn.
      if (turnEndedAt !== undefined) timeBetweenMs += now - turnEndedAt
      turnStartedAt = now
      handled = 0
      urgent = 0
      loop.atEndOfTurn(() => endTurn(now))
    }
    return now - turnStartedAt
  }

  return {
    /** Returns the time that a number of average requests takes, in milliseconds; 0 if it is not known yet. */
    timeOf: (count: number) => (requests > 0 ? (count * timeMs) / requests : 0),
    /** Returns true, and counts a request, while the requests of this turn have taken at most the budget. */
    isWithinBudget(now: number): boolean {
      const isWithin = turnTime(now) <= budgetMs
      if (isWithin) handled++
      return isWithin
    },
    /** Counts an urgent request, and returns false if there are too many in this turn. */
    isUrgentLeft(now: number): boolean {
      turnTime(now)
      urgent++
      return urgent <= MAX_URGENT
    },
  }
}
