import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { cloneProject, runScript } from '../docs/clone.ts'

/** Makes a clone of the project with everything committed, which goes with the test. */
export async function commitClone(t: Test): Promise<string> {
  const clone = await cloneProject(t)
  git(clone, 'init', '--quiet')
  // what ignores the folder does not ignore a link to it
  writeFileSync(join(clone, '.git/info/exclude'), 'node_modules\n')
  commit(clone)
  return clone
}

/** Does in a clone what `npm run eject` does. */
export function eject(clone: string) {
  return runScript(clone, 'test/eject/eject.ts')
}

export function commit(clone: string) {
  git(clone, 'add', '--all')
  const who = ['-c', 'user.name=Someone', '-c', 'user.email=someone@example.com']
  git(clone, ...who, 'commit', '--quiet', '--message=A commit')
}

export function git(clone: string, ...words: string[]): string {
  return execFileSync('git', words, { cwd: clone, encoding: 'utf8' })
}
