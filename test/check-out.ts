import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'

/**
 * Checks a commit out into a new folder, as a worktree of this repository. Returns a function that removes the
 * worktree; the worktree is also removed when this process exits.
 */
export function checkOut(root: string, commit: string, folder: string): () => void {
  const git = (...words: string[]) => execFileSync('git', ['-C', root, ...words], { stdio: 'pipe' })
  const remove = () => {
    process.off('exit', remove)
    // `git worktree remove` fails if the worktree was not created completely
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    git('worktree', 'prune')
  }
  process.once('exit', remove)
  git('worktree', 'add', '--detach', '--quiet', folder, commit)
  return remove
}
