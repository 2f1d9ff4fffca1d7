import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { combine, decide, findFailures, type Round, type Verdict } from '../../bench/decision.ts'

/**
 * CPU time per request in µs of `current`, `base` and `control`, in four sessions on a busy machine. All three ran the
 * same version, so their differences are noise.
 */
const MEASURED: [number, number, number][][] = JSON.parse(
  readFileSync(join(import.meta.dirname, 'rounds.json'), 'utf8'),
)

/** Returns the measured rounds, with the CPU time of the current version multiplied by `factor`. */
function measured(factor: number): Round[][] {
  return MEASURED.map((session) =>
    session.map(([current, base, control]) => ({ current: current * factor, base, control })),
  )
}

/** Returns a session without noise, with these CPU times. The CPU time of the base is 100. */
function quiet(current: number, control = 100): Round[][] {
  return [Array.from({ length: 9 }, () => ({ current, base: 100, control }))]
}

const outcomeOf = (current: number, control?: number) => decide(quiet(current, control)).outcome

t.test('an equal version passes on a noisy machine', async (t) => {
  const { ratio, control, allowed, outcome } = decide(measured(1))
  t.equal(outcome, 'equal')
  t.equal([ratio, control, allowed].map((each) => each.toFixed(3)).join(' '), '1.004 1.022 0.049')
})

t.test('a version that takes 10 % more CPU time fails on a noisy machine', async (t) => {
  const { ratio, outcome } = decide(measured(1.1))
  t.equal(outcome, 'slower')
  t.equal(ratio.toFixed(3), '0.913')
})

t.test('a faster version passes', async (t) => {
  t.equal(decide(measured(0.9)).outcome, 'equal')
})

t.test('decide() always returns the same verdict for the same rounds', async (t) => {
  t.same(decide(measured(1)), decide(measured(1)))
})

t.test(
  'without noise, the outcome is `slower` if the ratio is below 0.97, and `equal` otherwise',
  async (t) => {
    t.equal(outcomeOf(103), 'equal', '0.971')
    t.equal(outcomeOf(104), 'slower', '0.962')
  },
)

t.test(
  'the current version may be slower than the base by as much as the control differs from the base',
  async (t) => {
    t.equal(outcomeOf(104, 105), 'equal', 'ratio 0.962, control 0.952')
    t.equal(outcomeOf(106, 105), 'slower', 'ratio 0.943, control 0.952')
    t.equal(outcomeOf(104, 95), 'equal', 'ratio 0.962, control 1.053')
  },
)

t.test(
  'a control that differs by over 0.1 makes the outcome `too noisy`, unless the current version is slower than the control',
  async (t) => {
    t.equal(outcomeOf(100, 120), 'too noisy')
    t.equal(outcomeOf(130, 120), 'slower')
  },
)

t.test('differences between sessions count as noise', async (t) => {
  const sessions = [94, 100, 100, 106].flatMap((control) => quiet(100, control))
  t.ok(decide(sessions).allowed > 0.05)
})

t.test('without rounds, the outcome is `too noisy`', async (t) => {
  t.equal(decide([]).outcome, 'too noisy')
  t.equal(decide([[]]).outcome, 'too noisy')
})

t.test('decide() returns medians, which an outlier does not change', async (t) => {
  const [session = []] = quiet(100)
  const { current, base, ratio, control } = decide([
    [...session, { current: 900, base: 50, control: 1 }],
  ])
  t.same({ current, base, ratio, control }, { current: 100, base: 100, ratio: 1, control: 1 })
})

t.test('combine() gives each workload the same weight', async (t) => {
  const { current, base, control } = combine([
    { current: 20, base: 10, control: 10 },
    { current: 1_000, base: 1_000, control: 4_000 },
  ])
  t.equal((base / current).toFixed(3), Math.SQRT1_2.toFixed(3))
  t.equal((base / control).toFixed(3), '0.500')
})

t.test(
  'the check fails if a workload is slower, or if all workloads together are too noisy',
  async (t) => {
    const verdict = decide(quiet(100))
    const failuresOf = (...outcomes: Verdict['outcome'][]) =>
      findFailures(new Map(outcomes.map((outcome, index) => [`${index}`, { ...verdict, outcome }])))
    t.same(failuresOf('equal', 'equal'), [])
    t.same(failuresOf('slower', 'equal'), ['0'])
    t.same(failuresOf('too noisy', 'equal'), [])
    t.same(failuresOf('equal', 'too noisy'), ['1'])
    t.same(failuresOf('too noisy'), ['0'])
  },
)
