import t from 'tap'
import { createAdmission } from '../../../plugins/overload/admission.ts'

const EVENT_LOOP_BUDGET_MS = 40

/** A loop whose clock goes when it is told to, and whose turns end when they are told to. */
function createLoop() {
  let time = 0
  let ends: (() => void)[] = []
  return {
    now: () => time,
    atEndOfTurn: (done: () => void) => void ends.push(done),
    /** Gives how many wait for the end of this turn. */
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

function setUp() {
  const loop = createLoop()
  const admit = createAdmission(EVENT_LOOP_BUDGET_MS, loop)
  const done: number[] = []
  const waits: number[] = []
  let last = 0
  let refused = 0
  /**
   * One turn, in which so many requests are read, each of which takes a millisecond. Gives how many were
   * done, at its end those that were put off before, and refused.
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
          loop.pass(1)
        },
        () => refused++,
      )
    }
    loop.endTurn()
    return { done: done.length - before, refused }
  }
  return { loop, admit, turn, done, waits }
}

const IN_TIME = EVENT_LOOP_BUDGET_MS + 1 // the last begins in time

t.test('turns that are short enough do all that comes, however many they are', async (t) => {
  const { turn } = setUp()
  for (let index = 0; index < 100; index++) {
    t.same(turn(EVENT_LOOP_BUDGET_MS), { done: EVENT_LOOP_BUDGET_MS, refused: 0 })
  }
})

t.test('a burst is put off to the next turns, and done in its order', async (t) => {
  const { turn, done } = setUp()
  for (let index = 0; index < 11; index++) {
    const { done, refused } = turn(index === 0 ? 400 : 0)
    t.ok(done <= IN_TIME, 'no turn takes longer')
    t.equal(refused, 0)
  }
  t.same(
    done,
    Array.from({ length: 400 }, (_, index) => index),
  )
})

t.test('what comes behind what is put off is put off too', async (t) => {
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

t.test('what was put off for half a second is refused', async (t) => {
  const { turn, done, waits } = setUp()
  let refused = 0
  for (let index = 0; index < 30; index++) refused += turn(index === 0 ? 10_000 : 0).refused
  t.ok(done.length > 500 && done.length < 600)
  t.ok(Math.max(...waits) < 500)
  t.equal(done.length + refused, 10_000)
})

t.test('clients that wait for their answers are never refused, if few enough', async (t) => {
  const { turn } = setUp()
  let due = 70
  for (let index = 0; index < 100; index++) {
    const { done, refused } = turn(due)
    t.equal(refused, 0)
    due = done
  }
})

t.test('of twice what can be done half is refused, and the rest waits for little', async (t) => {
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
  t.ok(Math.abs(refused / done.length - 1) < 0.1, `${refused} are refused, ${done.length} done`)
  t.ok(Math.max(...waits) < 400)
})

t.test('once all that was put off is done, a burst is done as at first', async (t) => {
  const { turn } = setUp()
  let refused = 0
  for (let index = 0; index < 20; index++) refused += turn(2 * IN_TIME).refused
  t.ok(refused > 0)
  for (let index = 0; index < 20; index++) turn(0)
  t.match(turn(300), { refused: 0 })
})

t.test('the end of a turn is asked for once in it', async (t) => {
  const { admit, loop } = setUp()
  admit(nothing, nothing)
  admit(nothing, nothing)
  t.equal(loop.waiting(), 1)
  loop.endTurn()
  t.equal(loop.waiting(), 0)
})

t.test('by itself it goes by the event loop', async (t) => {
  const admit = createAdmission(EVENT_LOOP_BUDGET_MS)
  let isDone = false
  admit(() => {
    isDone = true
  }, nothing)
  t.ok(isDone)
})
