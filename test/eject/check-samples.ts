/**
 * Script of `npm run check:samples`: runs the tests to which the samples make a difference, and fails unless they cover the files
 * that eject deletes. `npm run check:ejected` runs all other tests, and requires that tests cover all other files.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { isRemoved } from './removed.ts'
import { replayFailures } from './replay.ts'
import { listSampleTests } from './sample-tests.ts'

const ROOT = join(import.meta.dirname, '../..')
const KINDS = ['statements', 'branches', 'functions', 'lines'] as const

const coverage = ['--coverage-report=json-summary', '--allow-incomplete-coverage']
const words = ['test', '--', ...coverage, ...listSampleTests(ROOT)]
const { status } = spawnSync('npm', words, { cwd: ROOT, stdio: 'inherit' })
if (status !== 0) {
  replayFailures(ROOT)
  process.exit(1)
}

const report = readFileSync(join(ROOT, '.tap/report/coverage-summary.json'), 'utf8')
const samples = Object.entries(JSON.parse(report) as Report)
  .map(([path, percentages]) => ({ file: relative(ROOT, path), percentages }))
  .filter(({ file }) => isRemoved(file))
const uncovered = samples.filter(({ percentages }) =>
  KINDS.some((kind) => percentages[kind].pct !== 100),
)
console.log(`coverage: ${samples.length} files that eject deletes`)
for (const { file, percentages } of uncovered) console.error(`not covered: ${file}`, percentages)
if (samples.length === 0 || uncovered.length > 0) process.exit(1)

type Report = Record<string, Record<(typeof KINDS)[number], { pct: number }>>
