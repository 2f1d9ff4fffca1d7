/**
 * Decides whether this version takes more CPU time than the base commit. Each round has measured one process of this
 * version and two processes of the base commit; the second of these is the control. Both processes of the base
 * commit run the same code, so the difference between them is the noise of the measurement.
 */
import { median } from '../test/reliability/median.ts'

/** Each process's CPU time per request in one round, in microseconds. */
export interface Round {
  current: number
  base: number
  control: number
}

export interface Verdict {
  /** Median CPU time per request of this version and of the base commit, in microseconds. */
  current: number
  base: number
  /** Median of base / current: below 1 if this version is slower. */
  ratio: number
  /** Median of base / control. Both processes run the same code, so the difference from 1 is noise. */
  control: number
  /** How far `ratio` may be below 1. */
  allowed: number
  outcome: 'equal' | 'slower' | 'too noisy'
}

/** Verdicts, keyed by workload. */
export type Verdicts = Map<string, Verdict>

/** Name of the verdict for all workloads together. It has less noise than the verdict for a single workload. */
export const ALL = 'all workloads'

/** Minimum of `allowed`. Two processes of the same code can differ by this much even if nothing else runs on the machine. */
const LEAST_ALLOWED = 0.03

/** With more noise than this, a measurement cannot detect a relevant slowdown. */
const MOST_ALLOWED = 0.1

const RESAMPLES = 1_000
const CONFIDENCE = 0.95

/**
 * Returns the verdict for rounds of one workload, or for rounds that `combine` returned.
 *
 * @param sessions lists of rounds; each list was measured with new processes.
 */
export function decide(sessions: readonly Round[][]): Verdict {
  const rounds = sessions.flat()
  const ratio = median(rounds.map(({ base, current }) => base / current))
  const allowed = Math.max(LEAST_ALLOWED, noiseOf(sessions.map(controlRatios)))
  return {
    current: median(rounds.map(({ current }) => current)),
    base: median(rounds.map(({ base }) => base)),
    ratio,
    control: median(sessions.flatMap(controlRatios)),
    allowed,
    outcome: outcomeOf(ratio, allowed),
  }
}

/** Returns 'slower' for a slowdown that exceeds the noise, even if the noise exceeds MOST_ALLOWED. */
function outcomeOf(ratio: number, allowed: number): Verdict['outcome'] {
  if (ratio < 1 - allowed) return 'slower'
  // without rounds, the figures are NaN, and the outcome is 'too noisy'
  return allowed <= MOST_ALLOWED && ratio > 0 ? 'equal' : 'too noisy'
}

function controlRatios(rounds: readonly Round[]): number[] {
  return rounds.map(({ base, control }) => base / control)
}

/**
 * Returns the noise: in 95 % of bootstrap resamples, the median of the control ratios is at most this far from 1. A
 * resample draws sessions, then rounds from each of them. The random numbers have a fixed seed, so that the same
 * figures always get the same verdict.
 */
function noiseOf(sessions: readonly number[][]): number {
  const random = randomNumbers(1)
  const pick = <Item>(items: readonly Item[]) =>
    items.map(() => items[Math.floor(random() * items.length)] as Item) // the index is in range
  const distances = Array.from({ length: RESAMPLES }, () =>
    Math.abs(median(pick(sessions).flatMap(pick)) - 1),
  )
  return Number(distances.toSorted((a, b) => a - b)[Math.floor(RESAMPLES * CONFIDENCE)])
}

/** Returns a linear congruential generator with the constants of "Numerical Recipes". */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Combines the same round of several workloads into one. The geometric mean gives each workload the same weight. */
export function combine(rounds: readonly Round[]): Round {
  const mean = (side: keyof Round) =>
    Math.exp(rounds.reduce((sum, round) => sum + Math.log(round[side]), 0) / rounds.length)
  return { current: mean('current'), base: mean('base'), control: mean('control') }
}

/**
 * Returns the names of the verdicts that fail the check: each that is 'slower', and the last one if it is 'too noisy'. The
 * last verdict is that of all workloads together, or of the only workload.
 */
export function findFailures(verdicts: Verdicts): string[] {
  const last = [...verdicts.keys()].at(-1)
  return [...verdicts]
    .filter(([name, { outcome }]) => outcome === 'slower' || (outcome !== 'equal' && name === last))
    .map(([name]) => name)
}
