import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Test } from 'tap'
import { fencedBlocks } from './console.ts'

const run = promisify(execFile)
/** Shared by all clones. */
const MODULES = 'node_modules'
const ROOT = join(import.meta.dirname, '../..')

/** Copies the project as it stands, without what git ignores, to a folder that goes with the test. */
export async function cloneProject(t: Test): Promise<string> {
  const clone = mkdtempSync(join(tmpdir(), 'clone-'))
  t.teardown(() => rmSync(clone, { recursive: true, force: true }))
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const { stdout } = await run('git', list, { cwd: ROOT })
  for (const file of stdout.split('\0').filter((file) => file && file !== MODULES)) {
    cpSync(join(ROOT, file), join(clone, file))
  }
  symlinkSync(join(ROOT, MODULES), join(clone, MODULES))
  return clone
}

/** Writes the blocks of code of a document to the files that their first lines name, and gives these. */
export function writeBlocks(folder: string, markdown: string): string[] {
  return fencedBlocks(markdown)
    .filter(({ language }) => language === 'ts')
    .map(({ lines: [first = '', ...lines] }) => {
      const [, path] = /^\/\/ (\S+\.ts)$/.exec(first) ?? []
      if (path === undefined) throw new Error(`no file is named by ${JSON.stringify(first)}`)
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), `${lines.join('\n')}\n`)
      return path
    })
}

/**
 * Runs a tool of the project in a clone of it, in an environment of its own: tap puts what it loads its
 * tests with into that of every process that a test starts.
 *
 * @returns its exit code, and what it wrote.
 */
export async function runTool(clone: string, tool: string, ...options: string[]) {
  const environment = ['PATH', 'HOME', 'TEST_DATABASE_URL'].flatMap((name) =>
    process.env[name] ? [`${name}=${process.env[name]}`] : [],
  )
  const command = [process.execPath, join('node_modules/.bin', tool), ...options]
  const execution = run('env', ['-i', ...environment, ...command], {
    cwd: clone,
    maxBuffer: Number.POSITIVE_INFINITY,
  })
  return execution.then(
    ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ code: Number(code), output: `${stdout}${stderr}` }),
  )
}
