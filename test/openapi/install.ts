import { execFile } from 'node:child_process'
import { hash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
} from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const execute = promisify(execFile)
const CACHE = join(import.meta.dirname, '../../node_modules/.cache')

/** Runs a program without the loaders that tap adds to the environment. */
export function runIn(cwd: string, ...words: string[]) {
  return execute('env', ['NODE_OPTIONS=', ...words], { cwd, maxBuffer: Number.POSITIVE_INFINITY })
}

/**
 * Installs the packages of a folder beside this file into `node_modules/.cache`, unless these versions are installed.
 * They are not in the package.json of the project, since only one test needs them.
 *
 * @returns the folder of the installation, with a copy of the files
 */
export async function installTool(name: string): Promise<string> {
  const source = join(import.meta.dirname, name)
  const files = readdirSync(source).sort()
  const version = hash('sha1', files.map((file) => readFileSync(join(source, file), 'utf8')).join())
  const folder = join(CACHE, `openapi-${name}-${version}`)
  if (existsSync(folder)) return folder
  mkdirSync(CACHE, { recursive: true })
  const temporary = mkdtempSync(`${folder}-`)
  cpSync(source, temporary, { recursive: true })
  const options = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts']
  await runIn(temporary, 'npm', 'ci', ...options)
  renameSync(temporary, folder)
  return folder
}
