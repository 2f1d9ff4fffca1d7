import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { cloneProject, runScript } from '../docs/clone.ts'

/** Clones the project and commits everything; the clone is deleted after the test. */
export async function commitClone(t: Test): Promise<string> {
  const clone = await cloneProject(t)
  git(clone, 'init', '--quiet')
  // .gitignore matches the folder, but not a symbolic link to it
  writeFileSync(join(clone, '.git/info/exclude'), 'node_modules\n')
  commit(clone)
  return clone
}

/** Runs `npm run eject` in a clone. */
export function eject(clone: string) {
  return runScript(clone, 'test/eject/eject.ts')
}

export function commit(clone: string) {
  git(clone, 'add', '--all')
  const author = ['-c', 'user.name=Someone', '-c', 'user.email=someone@example.com']
  git(clone, ...author, 'commit', '--quiet', '--message=A commit')
}

export function git(clone: string, ...words: string[]): string {
  return execFileSync('git', words, { cwd: clone, encoding: 'utf8' })
}
