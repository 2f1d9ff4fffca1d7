import t from 'tap'
import { createAdmission } from '../../../src/limits/admission.ts'

const MAX_DELAY = 40

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

function setUp() {
  const loop = createLoop()
  const admit = createAdmission(MAX_DELAY, loop)
  /** One turn, in which each request that is handled takes a millisecond. Gives how many were. */
  function turn(requests: number) {
    let handled = 0
    for (let index = 0; index < requests; index++) {
      if (!admit()) continue
      handled++
      loop.pass(1)
    }
    loop.endTurn()
    return handled
  }
  return { loop, admit, turn }
}

t.test('turns that are short enough handle all that comes, however many they are', async (t) => {
  const { turn } = setUp()
  for (let index = 0; index < 100; index++) t.equal(turn(MAX_DELAY), MAX_DELAY)
})

t.test('a burst is handled, up to half a second behind the delay', async (t) => {
  const { turn } = setUp()
  t.equal(turn(1_000), MAX_DELAY + 500)
})

t.test('while turns keep being too long, each handles what comes in time', async (t) => {
  const { turn } = setUp()
  turn(1_000)
  for (let index = 0; index < 5; index++) t.equal(turn(200), MAX_DELAY + 1)
})

t.test('several turns that are a little too long are too much in the end', async (t) => {
  const { turn } = setUp()
  const handled = Array.from({ length: 12 }, () => turn(60))
  t.same(handled.slice(0, 9), Array(9).fill(60), 'at first all is handled')
  t.same(handled.slice(-3), Array(3).fill(MAX_DELAY + 1), 'then what comes in time')
})

t.test('one turn that is short enough ends it', async (t) => {
  const { turn } = setUp()
  turn(1_000)
  t.equal(turn(MAX_DELAY), MAX_DELAY)
  t.equal(turn(MAX_DELAY + 100), MAX_DELAY + 100, 'the next is a burst again')
})

t.test('time that passes between turns does not count', async (t) => {
  const { turn, loop } = setUp()
  for (let index = 0; index < 100; index++) {
    t.equal(turn(MAX_DELAY), MAX_DELAY)
    loop.pass(1_000)
  }
})

t.test('after a pause a burst is handled as at first', async (t) => {
  const { turn, loop } = setUp()
  turn(1_000)
  loop.pass(500)
  t.equal(turn(1_000), MAX_DELAY + 1, 'other work may take as long')
  loop.pass(501)
  t.equal(turn(1_000), MAX_DELAY + 500)
})

t.test('the end of a turn is asked for once in it', async (t) => {
  const { admit, loop } = setUp()
  admit()
  admit()
  t.equal(loop.waiting(), 1)
  loop.endTurn()
  admit()
  t.equal(loop.waiting(), 1)
})

t.test('by itself it goes by the event loop', async (t) => {
  const admit = createAdmission(MAX_DELAY)
  t.ok(admit())
})
