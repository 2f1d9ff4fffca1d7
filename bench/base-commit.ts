import { execFileSync } from 'node:child_process'

/** Branches into which a change may be merged. The first branch in this list that exists is used. */
const MAIN_BRANCHES = ['main@{upstream}', 'origin/main', 'main']

/** A commit to compare with, and the reason why it was chosen. */
export interface BaseCommit {
  commit: string
  reason: string
}

/**
 * Returns the commit to compare a checkout with: `revision` if given, otherwise the merge base with the main branch. If
 * there is no merge base, or if it is HEAD itself, returns HEAD for a checkout with uncommitted changes, and the commit
 * before HEAD for a clean checkout.
 *
 * @throws {Error} if the commit does not exist.
 */
export function findBaseCommit(root: string, revision?: string): BaseCommit {
  if (revision !== undefined) return resolve(root, revision, '--base')
  const head = resolve(root, 'HEAD', 'uncommitted changes')
  const main = MAIN_BRANCHES.find((branch) => tryGit(root, 'rev-parse', '--verify', branch))
  const mergeBase = main && tryGit(root, 'merge-base', 'HEAD', main)
  if (mergeBase && mergeBase !== head.commit) {
    return { commit: mergeBase, reason: `merge base with ${main}` }
  }
  const isClean = git(root, 'status', '--porcelain') === ''
  return isClean ? resolve(root, 'HEAD~1', 'the commit before HEAD') : head
}

function resolve(root: string, revision: string, reason: string): BaseCommit {
  const commit = tryGit(root, 'rev-parse', '--verify', `${revision}^{commit}`)
  if (commit) return { commit, reason }
  throw new Error(`this clone has no commit ${revision}: name another commit with --base REVISION`)
}

/** Returns the short hash and the subject of a commit. */
export function describeCommit(root: string, commit: string): string {
  return git(root, 'log', '-1', '--format=%h %s', commit)
}

function git(root: string, ...parameters: string[]): string {
  return execFileSync('git', ['-C', root, ...parameters], {
    encoding: 'utf8',
    stdio: 'pipe',
  }).trim()
}

/** Runs git, and returns its output, or undefined if git fails. */
function tryGit(root: string, ...parameters: string[]): string | undefined {
  try {
    return git(root, ...parameters)
  } catch {
    return undefined
  }
}
