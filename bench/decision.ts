/**
 * Decides whether this version costs more CPU time than the base commit, from rounds in which both were
 * measured beside a second process of the base commit, the control. How far the control seems to differ
 * from an equal process is the noise of the measurement.
 */
import { median } from '../test/reliability/median.ts'

/** CPU time per request, in microseconds, of one slice of each process. */
export interface Round {
  current: number
  base: number
  control: number
}

export interface Verdict {
  /** Median CPU time per request, in microseconds. */
  current: number
  base: number
  /** Median of base / current: below 1 if this version is slower. */
  ratio: number
  /** Median of base / control, two processes of the same code. */
  control: number
  /** How far `ratio` may be below 1. */
  allowed: number
  outcome: 'equal' | 'slower' | 'too noisy'
}

/** Verdicts by work. */
export type Verdicts = Map<string, Verdict>

/** All works together: more precise than each of them, for what every request costs. */
export const ALL = 'all works'

/** Two processes of the same code differ by up to this, even if nothing else runs on the machine. */
const LEAST_ALLOWED = 0.03

/** A measurement with more noise than this cannot find a loss that matters. */
const MOST_ALLOWED = 0.1

const RESAMPLES = 1_000
const CONFIDENCE = 0.95

/**
 * Decides for one work, or for the rounds that `combine` returns.
 *
 * @param sessions rounds of the same processes; each session has processes of its own.
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

/** A loss beyond MOST_ALLOWED is one in spite of any noise that this gate accepts. */
function outcomeOf(ratio: number, allowed: number): Verdict['outcome'] {
  if (ratio < 1 - allowed) return 'slower'
  // also if a figure is NaN, since there were no rounds
  return allowed <= MOST_ALLOWED && ratio > 0 ? 'equal' : 'too noisy'
}

function controlRatios(rounds: readonly Round[]): number[] {
  return rounds.map(({ base, control }) => base / control)
}

/**
 * Returns how far the median of the control ratios may be from 1 by chance: the 95th percentile of its
 * distance over bootstrap resamples, of sessions and of rounds within them. The random numbers are
 * seeded, so that the same figures have the same verdict.
 */
function noiseOf(sessions: readonly number[][]): number {
  const random = randomNumbers(1)
  const pick = <Item>(items: readonly Item[]) =>
    items.map(() => items[Math.floor(random() * items.length)] as Item) // in range, if there are any
  const distances = Array.from({ length: RESAMPLES }, () =>
    Math.abs(median(pick(sessions).flatMap(pick)) - 1),
  )
  return Number(distances.toSorted((a, b) => a - b)[Math.floor(RESAMPLES * CONFIDENCE)])
}

/** Linear congruential generator with the constants of Numerical Recipes. */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Returns the geometric mean of the rounds of several works, in which each work counts the same. */
export function combine(rounds: readonly Round[]): Round {
  const mean = (side: keyof Round) =>
    Math.exp(rounds.reduce((sum, round) => sum + Math.log(round[side]), 0) / rounds.length)
  return { current: mean('current'), base: mean('base'), control: mean('control') }
}

/**
 * Returns the names of the verdicts that fail the check: every slower one, and the last verdict, which
 * is that of all works or of the only one, if it is too noisy. A single work that is too noisy does not
 * fail a check that decides for all together.
 */
export function findFailures(verdicts: Verdicts): string[] {
  const last = [...verdicts.keys()].at(-1)
  return [...verdicts]
    .filter(([name, { outcome }]) => outcome === 'slower' || (outcome !== 'equal' && name === last))
    .map(([name]) => name)
}
