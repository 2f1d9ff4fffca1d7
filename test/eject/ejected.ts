import { execFileSync } from 'node:child_process'
import { runScript } from '../docs/clone.ts'

/** Runs `npm run eject -- NAME` in a clone. */
export function eject(clone: string, ...words: string[]) {
  return runScript(clone, 'test/eject/eject.ts', ...words)
}

/** Commits all changes of a clone, which is a copy of the files. The first call creates a git repository in it. */
export function commitAll(clone: string) {
  git(clone, 'init', '--quiet')
  git(clone, 'add', '--all')
  const author = ['-c', 'user.name=Someone', '-c', 'user.email=someone@example.com']
  git(clone, ...author, 'commit', '--quiet', '--message=A commit')
}

export function git(clone: string, ...words: string[]): string {
  return execFileSync('git', words, { cwd: clone, encoding: 'utf8' })
}
