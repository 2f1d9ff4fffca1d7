import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { join } from 'node:path'

/** Prints the failures of the last run of tests again, so that they are at the end of the output. */
export function replayFailures(root: string) {
  // Without names, tap would also look for the results of tests that did not run.
  const results = globSync('**/*.tap', { cwd: join(root, '.tap/test-results') })
  const files = results.map((file) => file.replace(/\.tap$/, ''))
  const words = ['tap', 'replay', '--reporter=terse', '--disable-coverage', ...files]
  if (files.length > 0) spawnSync('npx', words, { cwd: root, stdio: 'inherit' })
}
