import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { describeCommit, findBaseCommit } from '../../bench/base-commit.ts'
import { checkOut } from '../check-out.ts'

/** Creates a repository with two commits on main. Returns its folder, a function that runs git, and the commits. */
function createRepository(t: Test) {
  const root = t.testdir({ repository: {} })
  const folder = join(root, 'repository')
  const git = (...parameters: string[]) => {
    const author = ['-c', 'user.name=a', '-c', 'user.email=a@example.com']
    return execFileSync('git', ['-C', folder, ...author, ...parameters], {
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim()
  }
  git('init', '--quiet', '--initial-branch=main')
  const commit = (text: string) => {
    writeFileSync(join(folder, 'file'), text)
    git('add', 'file')
    git('commit', '--quiet', '--message', text)
    return git('rev-parse', 'HEAD')
  }
  return { root, folder, git, commit, first: commit('first'), second: commit('second') }
}

t.test('a clean main branch is compared with the previous commit', async (t) => {
  const { folder, first } = createRepository(t)
  t.match(findBaseCommit(folder), { commit: first, reason: 'the commit before HEAD' })
})

t.test('uncommitted changes are compared with HEAD', async (t) => {
  const { folder, second } = createRepository(t)
  writeFileSync(join(folder, 'file'), 'changed')
  t.match(findBaseCommit(folder), { commit: second, reason: 'uncommitted changes' })
})

t.test('a branch is compared with its merge base with main', async (t) => {
  const { folder, git, commit, second } = createRepository(t)
  git('switch', '--quiet', '--create', 'topic')
  commit('on the branch')
  git('switch', '--quiet', 'main')
  commit('on main')
  git('switch', '--quiet', 'topic')
  t.match(findBaseCommit(folder), { commit: second, reason: 'merge base with main' })
})

t.test(
  'the merge base with origin/main takes precedence over the merge base with main',
  async (t) => {
    const { folder, git, first } = createRepository(t)
    git('update-ref', 'refs/remotes/origin/main', first)
    t.match(findBaseCommit(folder), { commit: first, reason: 'merge base with origin/main' })
  },
)

t.test('--base accepts any revision, and refuses an unknown revision', async (t) => {
  const { folder, second } = createRepository(t)
  t.equal(findBaseCommit(folder, 'HEAD').commit, second)
  t.throws(() => findBaseCommit(folder, 'nothing'), /no commit nothing: .*--base/)
})

t.test(
  'checkOut() creates a worktree of the commit, and returns a function that removes the worktree',
  async (t) => {
    const { root, folder, git, first } = createRepository(t)
    const tree = join(root, 'tree')
    const remove = checkOut(folder, first, tree)
    t.equal(readFileSync(join(tree, 'file'), 'utf8'), 'first')
    t.match(describeCommit(folder, first), /^[0-9a-f]+ first$/)
    remove()
    t.notOk(existsSync(tree))
    t.notMatch(git('worktree', 'list'), tree)
  },
)

t.test('a process that ends early leaves no worktree behind', async (t) => {
  const { root, folder, git, first } = createRepository(t)
  const tree = join(root, 'tree')
  const module = join(import.meta.dirname, '../check-out.ts')
  const script = `
    import { existsSync } from 'node:fs'
    import { checkOut } from ${JSON.stringify(module)}
    checkOut(...${JSON.stringify([folder, first, tree])})
    process.exit(existsSync(${JSON.stringify(tree)}) ? 3 : 4)
  `
  const { status } = spawnSync(process.execPath, ['--input-type=module', '--eval', script])
  t.equal(status, 3, 'the worktree existed before the process ended')
  t.notOk(existsSync(tree))
  t.notMatch(git('worktree', 'list'), tree)
})
