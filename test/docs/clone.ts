import { execFile } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
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
/** Folder of the installed packages. Each clone links to it, because a new installation would take long. */
const MODULES = 'node_modules'
const ROOT = join(import.meta.dirname, '../..')

/** Copies the project to a folder that is deleted after the test. */
export async function cloneProject(t: Test): Promise<string> {
  const clone = await copyProject()
  t.teardown(() => rmSync(clone, { recursive: true, force: true }))
  return clone
}

/** Copies the working tree, without ignored files, to a new folder. */
export async function copyProject(): Promise<string> {
  const clone = mkdtempSync(join(tmpdir(), 'clone-'))
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const { stdout } = await run('git', list, { cwd: ROOT })
  for (const file of stdout.split('\0')) {
    // git also lists files that were deleted without a commit.
    if (file && file !== MODULES && existsSync(join(ROOT, file))) {
      cpSync(join(ROOT, file), join(clone, file))
    }
  }
  symlinkSync(join(ROOT, MODULES), join(clone, MODULES))
  return clone
}

/** Writes each code block of a document to the file that its first line names. Returns the paths. */
export function writeBlocks(folder: string, markdown: string): string[] {
  return fencedBlocks(markdown)
    .filter(({ language }) => language === 'ts')
    .map(({ lines: [first = '', ...lines] }) => {
      const [, path] = /^\/\/ (\S+\.ts)$/.exec(first) ?? []
      if (path === undefined)
        throw new Error(`a code block must start with "// FILE.ts", not ${JSON.stringify(first)}`)
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), `${lines.join('\n')}\n`)
      return path
    })
}

/** Asserts that a tool succeeds in a clone, and shows the tool's output if it fails. */
export async function expectSuccess(t: Test, clone: string, tool: string, ...options: string[]) {
  const { code, output } = await runTool(clone, tool, ...options)
  if (!t.equal(code, 0, `${tool} succeeds`)) t.comment(output)
}

/**
 * Asserts that the types of a clone are correct. Since the option keeps the paths of packages, the compiler reuses the
 * results of the project, and checks only what the clone changes.
 */
export function expectTypes(t: Test, clone: string) {
  return expectSuccess(t, clone, 'tsc', '--preserveSymlinks')
}

/** The coverage that `npm test` requires. */
const COMPLETE = { lines: { pct: 100 }, branches: { pct: 100 }, functions: { pct: 100 } }

/** Asserts that tests pass in a clone, and that they cover these files. */
export async function expectCovered(t: Test, clone: string, tests: string[], files: string[]) {
  const coverage = ['--coverage-report=json-summary', '--allow-incomplete-coverage']
  await expectSuccess(t, clone, 'tap', '--reporter=tap', ...coverage, ...tests)
  const summary = readFileSync(join(clone, '.tap/report/coverage-summary.json'), 'utf8')
  const report = JSON.parse(summary)
  for (const file of files) {
    const { lines, branches, functions } = Object(report[join(clone, file)])
    t.match({ lines, branches, functions }, COMPLETE, `the tests cover ${file}`)
  }
}

/** Runs a tool of the project's node_modules in a clone. */
function runTool(clone: string, tool: string, ...options: string[]) {
  return runScript(clone, join(MODULES, '.bin', tool), ...options)
}

/**
 * Runs a script of a clone in a clean environment, because tap adds its loaders to the environment of each
 * process that a test starts.
 *
 * @returns the script's exit code and output
 */
export function runScript(clone: string, ...words: string[]) {
  return runProgram(clone, process.execPath, ...words)
}

/** Environment of programs in a clone. Behind a proxy that intercepts HTTPS, npm needs the proxy's certificates. */
const VARIABLES = ['PATH', 'HOME', 'CI', 'TEST_DATABASE_URL', 'NODE_EXTRA_CA_CERTS']

/** Waits for a program, and throws an error with its output if it fails. */
export async function succeed(program: ReturnType<typeof runProgram>): Promise<void> {
  const { code, output } = await program
  if (code !== 0) throw new Error(output)
}

/** Runs any program as `runScript` does. */
export async function runProgram(clone: string, ...words: string[]) {
  const environment = VARIABLES.flatMap((name) =>
    process.env[name] ? [`${name}=${process.env[name]}`] : [],
  )
  const execution = run('env', ['-i', ...environment, ...words], {
    cwd: clone,
    maxBuffer: Number.POSITIVE_INFINITY,
  })
  return execution.then(
    ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ code: Number(code), output: `${stdout}${stderr}` }),
  )
}
