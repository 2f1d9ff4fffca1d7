/**
 * Script of `npm run eject -- NAME`. It turns the project in the current folder into a new service of that name. It
 * deletes the sample resources with their tests and documents, and the script itself.
 */
import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '../../src/error-message.ts'
import { type EjectOptions, readOptions, USAGE } from './options.ts'
import { isRemoved, REMOVED, REPLACED, SCRIPTS } from './removed.ts'

const ROOT = process.cwd()
const MANIFEST = join(ROOT, 'package.json')
const manifest = JSON.parse(readFileSync(MANIFEST, 'utf8'))
const PROJECT: string = manifest.name

const options = readArguments()
if (options === undefined) console.log(USAGE)
else if (options.isDryRun) describe(options)
else eject(options)

function readArguments() {
  const packages = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })
  try {
    return readOptions(process.argv.slice(2), packages)
  } catch (error) {
    return refuse(`${messageOf(error)}\n\n${USAGE}`)
  }
}

function refuse(reason: string): never {
  console.error(`eject: ${reason}`)
  process.exit(1)
}

function describe({ name }: EjectOptions) {
  console.log(`would delete
${indent(REMOVED)}
would remove the scripts of package.json
${indent(SCRIPTS)}
would replace
${indent([...REPLACED, 'docs/openapi.yaml', 'client/openapi.d.ts'])}
would replace "${PROJECT}" with "${name}" in
${indent(listFilesToRename().filter((file) => !isRemoved(file)))}`)
}

function indent(lines: string[]): string {
  return lines.map((line) => `  ${line}`).join('\n')
}

function eject({ name }: EjectOptions) {
  const changes = git('status', '--porcelain')
  if (changes) refuse(`commit or stash your changes first, so that nothing is lost:\n${changes}`)
  for (const file of REPLACED) copyFileSync(join(import.meta.dirname, file), join(ROOT, file))
  for (const path of REMOVED) rmSync(join(ROOT, path), { recursive: true, force: true })
  for (const script of SCRIPTS) delete manifest.scripts[script]
  writeFileSync(MANIFEST, JSON.stringify(manifest, null, 2))
  for (const path of listFilesToRename()) {
    const file = join(ROOT, path)
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(PROJECT, name))
  }
  run('test/openapi/write-openapi.ts')
  run('node_modules/.bin/biome', 'check', '--write', '--log-level=error')
  console.log(`deleted
${indent(REMOVED)}

The project is now ${name}. Describe it in package.json and the Dockerfile. Run npm run check, and read the changes
with git diff. Until you commit, git reset --hard undoes the changes. If the service has already created a database, it
keeps the tables of the samples: delete the database, or set DATABASE_URL to another one.`)
  writeClientTypes()
}

function writeClientTypes() {
  try {
    run('client/write-types.ts')
  } catch {
    refuse(
      'all is done except client/openapi.d.ts: run npm run client when the npm registry is reachable',
    )
  }
}

/** Lists the files that contain the name of the project. The license names the authors of the project, so it stays. */
function listFilesToRename(): string[] {
  return git('ls-files', '-z')
    .split('\0')
    .filter((path) => path && path !== 'LICENSE' && existsSync(join(ROOT, path)))
    .filter((path) => readFileSync(join(ROOT, path), 'utf8').includes(PROJECT))
}

function git(...words: string[]): string {
  return execFileSync('git', words, { cwd: ROOT, encoding: 'utf8' })
}

function run(file: string, ...options: string[]) {
  execFileSync(process.execPath, [join(ROOT, file), ...options], { cwd: ROOT, stdio: 'inherit' })
}
