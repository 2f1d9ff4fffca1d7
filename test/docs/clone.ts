import { execFile } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
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
  for (const file of stdout.split('\0')) {
    // git lists what was deleted and not committed too
    if (file && file !== MODULES && existsSync(join(ROOT, file))) {
      cpSync(join(ROOT, file), join(clone, file))
    }
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

/** Expects that a tool finds nothing wrong in a clone, or tells what it found. */
export async function expectSuccess(t: Test, clone: string, tool: string, ...options: string[]) {
  const { code, output } = await runTool(clone, tool, ...options)
  if (!t.equal(code, 0, `${tool} finds nothing wrong`)) t.comment(output)
}

/** Runs a tool that the project has installed in a clone of it. */
function runTool(clone: string, tool: string, ...options: string[]) {
  return runScript(clone, join(MODULES, '.bin', tool), ...options)
}

/**
 * Runs a script of a clone, in an environment of its own: tap puts what it loads its tests with into that
 * of every process that a test starts.
 *
 * @returns its exit code, and what it wrote.
 */
export async function runScript(clone: string, ...words: string[]) {
  const environment = ['PATH', 'HOME', 'CI', 'TEST_DATABASE_URL'].flatMap((name) =>
    process.env[name] ? [`${name}=${process.env[name]}`] : [],
  )
  const execution = run('env', ['-i', ...environment, process.execPath, ...words], {
    cwd: clone,
    maxBuffer: Number.POSITIVE_INFINITY,
  })
  return execution.then(
    ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ code: Number(code), output: `${stdout}${stderr}` }),
  )
}
