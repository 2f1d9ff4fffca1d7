import t from 'tap'
import { createAdmission } from '../../../src/limits/admission.ts'

const MAX_DELAY = 40

/** A loop whose clock goes when it is told to, and whose turns end when they are told to. */
function createLoop() {
  let time = 0
  let idle = 0
  let ends: (() => void)[] = []
  return {
    now: () => time,
    idle: () => idle,
    atEndOfTurn: (done: () => void) => void ends.push(done),
    /** Gives how many wait for the end of this turn. */
    waiting: () => ends.length,
    pass: (milliseconds: number) => {
      time += milliseconds
    },
    beIdle: (milliseconds: number) => {
      time += milliseconds
      idle += milliseconds
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
  const admit = createAdmission(MAX_DELAY, loop)
  const done: number[] = []
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
      admit(
        () => {
          done.push(request)
          loop.pass(1)
        },
        () => refused++,
      )
    }
    loop.endTurn()
    return { done: done.length - before, refused }
  }
  /** Lets in so much more than can be done that from then on some is refused. */
  function overload() {
    const turns: ReturnType<typeof turn>[] = []
    while (turns.at(-1)?.refused !== 100) turns.push(turn(100))
    return turns
  }
  return { loop, admit, turn, overload, done }
}

const IN_TIME = MAX_DELAY + 1 // the last begins in time

t.test('turns that are short enough do all that comes, however many they are', async (t) => {
  const { turn } = setUp()
  for (let index = 0; index < 100; index++) {
    t.same(turn(MAX_DELAY), { done: MAX_DELAY, refused: 0 })
  }
})

t.test(
  'a burst is put off to turns that others have a part in, and done in its order',
  async (t) => {
    const { turn, done } = setUp()
    for (let index = 0; index < 11; index++) {
      const { done, refused } = turn(index === 0 ? 400 : 0)
      t.ok(done <= IN_TIME)
      t.equal(refused, 0)
    }
    t.same(
      done,
      Array.from({ length: 400 }, (_, index) => index),
    )
  },
)

t.test('what comes behind what is put off is put off too', async (t) => {
  const { turn, done } = setUp()
  turn(200)
  turn(10)
  while (done.length < 210) turn(0)
  t.same(
    done,
    Array.from({ length: 210 }, (_, index) => index),
  )
})

t.test('what keeps being too much is refused, once it was for half a second', async (t) => {
  const { overload, loop } = setUp()
  const turns = overload()
  t.ok(loop.now() >= 500 && loop.now() < 650)
  t.same(
    turns.filter(({ refused }) => refused > 0),
    [{ done: IN_TIME, refused: 100 }],
  )
})

t.test(
  'what was put off is done before anything else is, and then what comes in time',
  async (t) => {
    const { overload, turn } = setUp()
    overload()
    t.same(turn(100), { done: IN_TIME, refused: 100 })
    for (let index = 0; index < 20; index++) turn(100)
    for (let index = 0; index < 5; index++) {
      t.same(turn(100), { done: IN_TIME, refused: 100 - IN_TIME })
    }
  },
)

t.test('as much time with nothing to do as a turn may have ends it', async (t) => {
  const { overload, turn, loop } = setUp()
  overload()
  for (let index = 0; index < 20; index++) turn(100)
  turn(MAX_DELAY)
  loop.beIdle(MAX_DELAY)
  loop.pass(1_000)
  t.match(turn(100), { refused: 100 - IN_TIME }, 'other work may take any time')
  loop.beIdle(MAX_DELAY + 1)
  t.match(turn(100), { refused: 0 }, 'a burst is done as at first')
})

t.test('bursts with time between them are done, however many they are', async (t) => {
  const { turn, loop } = setUp()
  for (let index = 0; index < 20; index++) {
    t.match(turn(100), { refused: 0 })
    for (let rest = 0; rest < 5; rest++) t.match(turn(0), { refused: 0 })
    loop.beIdle(MAX_DELAY + 1)
  }
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
  const admit = createAdmission(MAX_DELAY)
  let isDone = false
  admit(() => {
    isDone = true
  }, nothing)
  t.ok(isDone)
})
