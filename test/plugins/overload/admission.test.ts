import t from 'tap'
import { createAdmission } from '../../../plugins/overload/admission.ts'

const EVENT_LOOP_BUDGET_MS = 40

/** Returns a fake event loop, whose clock and iterations the test controls. */
function createLoop() {
  let time = 0
  let ends: (() => void)[] = []
  return {
    now: () => time,
    atEndOfTurn: (done: () => void) => void ends.push(done),
    /** Returns the number of callbacks that wait for the end of this iteration. */
    waiting: () => ends.length,
    pass: (milliseconds: number) => {
      time += milliseconds
    },
    endTurn() {
      const ended = ends
      ends = []
      for (const done of ended) done()
    },
  }
}

const nothing = () => {}

function setUp(costMs = 1) {
  const loop = createLoop()
  const { admit } = createAdmission(EVENT_LOOP_BUDGET_MS, loop)
  const done: number[] = []
  const waits: number[] = []
  let last = 0
  let refused = 0
  /**
   * Runs one iteration with this number of new requests, each of which takes `costMs`. Returns the number of
   * handled requests, including queued requests, and the number of refused requests.
   */
  function turn(requests: number) {
    const before = done.length
    refused = 0
    for (let index = 0; index < requests; index++) {
      const request = last++
      const since = loop.now()
      admit(
        () => {
          done.push(request)
          waits.push(loop.now() - since)
          loop.pass(costMs)
        },
        () => refused++,
      )
    }
    loop.endTurn()
    return { done: done.length - before, refused }
  }
  return { loop, admit, turn, done, waits }
}

const IN_TIME = EVENT_LOOP_BUDGET_MS + 1 // the last request starts within the budget

t.test('all requests are handled if each iteration is within the budget', async (t) => {
  const { turn } = setUp()
  for (let index = 0; index < 100; index++) {
    t.same(turn(EVENT_LOOP_BUDGET_MS), { done: EVENT_LOOP_BUDGET_MS, refused: 0 })
  }
})

t.test('a burst is queued, and handled in order in the next iterations', async (t) => {
  const { turn, done } = setUp()
  for (let index = 0; index < 11; index++) {
    const { done, refused } = turn(index === 0 ? 400 : 0)
    t.ok(done <= IN_TIME, 'each iteration is within the budget')
    t.equal(refused, 0)
  }
  t.same(
    done,
    Array.from({ length: 400 }, (_, index) => index),
  )
})

t.test('while requests are queued, new requests are queued too', async (t) => {
  const { turn, done } = setUp()
  turn(100)
  turn(10)
  turn(10)
  for (let index = 0; index < 5; index++) turn(0)
  t.same(
    done,
    Array.from({ length: 120 }, (_, index) => index),
  )
})

t.test(
  'requests that have waited for half a second are refused if the queue is full',
  async (t) => {
    const { turn, done, waits } = setUp()
    let refused = 0
    for (let index = 0; index < 30; index++) refused += turn(index === 0 ? 10_000 : 0).refused
    t.ok(done.length > 500 && done.length < 650, `${done.length} requests`)
    t.ok(Math.max(...waits) < 600)
    t.equal(done.length + refused, 10_000)
  },
)

t.test('a few clients that wait for each response are never refused', async (t) => {
  const { turn } = setUp()
  let due = 70
  for (let index = 0; index < 100; index++) {
    const { done, refused } = turn(due)
    t.equal(refused, 0)
    due = done
  }
})

t.test(
  'at twice the capacity, half of the requests are refused, and the other requests wait briefly',
  async (t) => {
    const { loop, turn, done, waits } = setUp()
    let sent = 0
    let refused = 0
    while (loop.now() < 10_000) {
      const due = 2 * (loop.now() + IN_TIME) - sent
      sent += due
      const { done, ...rest } = turn(due)
      t.ok(done <= IN_TIME)
      refused += rest.refused
    }
    t.ok(Math.abs(refused / done.length - 1) < 0.1, `${refused} refused, ${done.length} handled`)
    t.ok(Math.max(...waits) < 400)
  },
)

t.test('after an overload, a burst is queued again once the queue is empty', async (t) => {
  const { turn } = setUp()
  let refused = 0
  for (let index = 0; index < 20; index++) refused += turn(2 * IN_TIME).refused
  t.ok(refused > 0)
  for (let index = 0; index < 20; index++) turn(0)
  t.match(turn(IN_TIME + 75), { refused: 0 })
  for (let index = 0; index < 20; index++) turn(0)
  t.ok(turn(IN_TIME + 85).refused > 0)
})

t.test('only one callback waits for the end of an iteration', async (t) => {
  const { admit, loop } = setUp()
  admit(nothing, nothing)
  admit(nothing, nothing)
  t.equal(loop.waiting(), 1)
  loop.endTurn()
  t.equal(loop.waiting(), 0)
})

t.test('without a fake event loop, the real event loop is used', async (t) => {
  const { admit } = createAdmission(EVENT_LOOP_BUDGET_MS)
  let isDone = false
  admit(() => {
    isDone = true
  }, nothing)
  t.ok(isDone)
})

t.test(
  'a few urgent requests per turn overtake the queue, and the others wait in it',
  async (t) => {
    const { admit, turn, loop } = setUp()
    turn(100)
    for (let index = 0; index < 2; index++) {
      let urgent = 0
      for (let count = 0; count < 10; count++) admit(() => urgent++, nothing, true)
      t.equal(urgent, 4)
      loop.endTurn()
    }
  },
)

t.test(
  'an iteration handles a hundred requests, if these take less than the maximum',
  async (t) => {
    const { turn } = setUp(0.125)
    t.equal(turn(300).done, 300, 'their cost is not known yet')
    t.equal(turn(300).done, 101)
  },
)

t.test('if requests become more expensive, the budget grows up to the maximum', async (t) => {
  const { loop, admit, turn } = setUp(0.125)
  turn(300)
  t.equal(turn(300).done, 101)
  while (turn(0).done > 0);
  for (let index = 0; index < 100; index++) {
    admit(() => loop.pass(2), nothing)
    loop.endTurn()
  }
  t.equal(turn(1_000).done, EVENT_LOOP_BUDGET_MS / 0.125 + 1)
})

t.test('without a maximum, the budget is unlimited', async (t) => {
  const loop = createLoop()
  const { admit, hasTime } = createAdmission(Number.POSITIVE_INFINITY, loop)
  for (let index = 0; index < 10; index++) {
    for (let count = 0; count < 500; count++) admit(() => loop.pass(1), nothing)
    t.ok(hasTime())
    loop.endTurn()
  }
})

t.test('work after the end of a turn counts as a cost of its requests', async (t) => {
  const { loop, admit, turn } = setUp(0.125)
  let handled = 0
  /** Admits requests that share one piece of work of 10 ms after each turn, as writes share a SQLite commit. */
  function write(requests: number): number {
    handled = 0
    for (let index = 0; index < requests; index++) {
      admit(() => {
        if (handled++ === 0) loop.atEndOfTurn(() => loop.pass(10))
        loop.pass(0.125)
      }, nothing)
    }
    loop.endTurn()
    return handled
  }
  write(300)
  t.ok(write(300) < 105, 'the cost of the work is not known yet')
  for (let index = 0; index < 100; index++) write(300)
  t.ok(write(300) > 140, `${handled} requests in one turn`)

  while (loop.waiting() > 0) loop.endTurn()
  for (let index = 0; index < 200; index++) turn(50)
  t.equal(turn(150).done, 101, 'the work is forgotten')
})

t.test(
  'after a pause of 40 ms, all requests that arrived during the pause are queued',
  async (t) => {
    const { loop, turn } = setUp(0.05)
    for (let index = 0; index < 100; index++) turn(50)
    loop.pass(40)
    let refused = turn(800).refused
    for (let index = 0; index < 10; index++) refused += turn(50).refused
    t.equal(refused, 0)
  },
)

t.test('probes and other work do not keep a request in the queue for ever', async (t) => {
  const { loop, admit } = setUp()
  let refused = 0
  admit(nothing, nothing)
  loop.pass(EVENT_LOOP_BUDGET_MS + 1)
  admit(nothing, () => refused++)
  loop.endTurn()
  while (loop.now() < 600) {
    admit(nothing, nothing, true)
    loop.pass(EVENT_LOOP_BUDGET_MS + 1)
    loop.endTurn()
  }
  t.equal(refused, 1)
})

t.test('the budget grows again after turns in which a coarse clock measured no time', async (t) => {
  const { loop, admit, turn } = setUp(0)
  for (let index = 0; index < 100; index++) t.equal(turn(100).done, 100)
  let handled = 0
  const handle = () => {
    handled++
    loop.pass(1)
  }
  for (let index = 0; index < 1_000; index++) {
    handled = 0
    for (let count = 0; count < 20; count++) admit(handle, nothing)
    loop.endTurn()
  }
  t.equal(handled, 20)
})
