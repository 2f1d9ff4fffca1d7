/**
 * Script of `npm run eject -- NAME`. It turns the project in the current folder into a new service of that name. It
 * deletes the sample resources with their tests and documents, and the script itself.
 */
import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { REMOVED, SCRIPTS } from './removed.ts'

const ROOT = process.cwd()
const PROJECT = 'restful-web-api'

/** Matches names that npm, container registries and Kubernetes accept. */
const NAME = /^[a-z][a-z0-9-]{0,61}[a-z0-9]$/

const [name = ''] = process.argv.slice(2)
if (!NAME.test(name)) {
  refuse(`the name ${JSON.stringify(name)} does not fit.
npm run eject -- NAME takes 2 to 63 lower-case letters, digits and hyphens; the first character is a letter.`)
}
const changes = git('status', '--porcelain')
if (changes) refuse(`commit or stash your changes first, so that nothing is lost:\n${changes}`)

copyFileSync(join(import.meta.dirname, 'README.md'), join(ROOT, 'README.md'))
copyFileSync(join(import.meta.dirname, 'CHANGELOG.md'), join(ROOT, 'CHANGELOG.md'))
for (const path of REMOVED) rmSync(join(ROOT, path), { recursive: true, force: true })
removeScripts()
rename()
run('test/openapi/write-openapi.ts')
run('node_modules/.bin/biome', 'check', '--write', '--log-level=error')
console.log(`removed ${REMOVED.join(', ')}

The project is now ${name}. Run npm run check, and read the changes with git diff. Until you commit, git reset --hard
undoes the changes. If the service has already created a database, it keeps the tables of the samples: delete the
database, or set DATABASE_URL to another one.`)

function refuse(reason: string): never {
  console.error(`eject: ${reason}`)
  process.exit(1)
}

function git(...words: string[]): string {
  return execFileSync('git', words, { cwd: ROOT, encoding: 'utf8' })
}

function removeScripts() {
  const file = join(ROOT, 'package.json')
  const manifest = JSON.parse(readFileSync(file, 'utf8'))
  for (const script of SCRIPTS) delete manifest.scripts[script]
  writeFileSync(file, JSON.stringify(manifest, null, 2))
}

/** Replaces the name of the project with the new name in all files except the license. */
function rename() {
  for (const path of git('ls-files', '-z').split('\0').filter(Boolean)) {
    const file = join(ROOT, path)
    if (path === 'LICENSE' || !existsSync(file)) continue
    const text = readFileSync(file, 'utf8')
    if (text.includes(PROJECT)) writeFileSync(file, text.replaceAll(PROJECT, name))
  }
}

function run(file: string, ...options: string[]) {
  execFileSync(process.execPath, [join(ROOT, file), ...options], { cwd: ROOT, stdio: 'inherit' })
}
