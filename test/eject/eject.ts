import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CHANGELOG, README, withoutSamples } from './documents.ts'
import { moveModules } from './modules.ts'
import { listMoves, REGISTER, SURPLUS } from './samples.ts'

// `npm run eject`: turns the project in the current folder into a new service. The sample resources are
// moved from the service to its tests: most tests of the plugins use them.

const ROOT = process.cwd()

refuseUncommitted()
const moves = listMoves(ROOT)
moveModules(ROOT, moves)
for (const path of SURPLUS) rmSync(join(ROOT, path), { recursive: true, force: true })
loadSamplesInTests()
rewriteDocuments()
rewriteConfiguration()
run('test/openapi/write-openapi.ts')
run('node_modules/.bin/biome', 'check', '--write', '--log-level=error')
report()

function refuseUncommitted() {
  const changes = execFileSync('git', ['status', '--porcelain'], { cwd: ROOT, encoding: 'utf8' })
  if (changes === '') return
  console.error(`eject: commit or stash your changes first, so that nothing is lost:\n${changes}`)
  process.exit(1)
}

function loadSamplesInTests() {
  writeFileSync(join(ROOT, REGISTER.file), REGISTER.source)
  edit('test/engines.ts', [/^/, "import './samples/register.ts'\n"])
  edit(
    'test/server.ts',
    [/^/, "import { SAMPLES } from './samples/register.ts'\n"],
    ["NODE_OPTIONS: '',", 'NODE_OPTIONS: SAMPLES,'],
  )
}

function rewriteDocuments() {
  writeFileSync(join(ROOT, 'README.md'), README)
  writeFileSync(join(ROOT, 'CHANGELOG.md'), CHANGELOG)
  for (const file of [
    'CONTRIBUTING.md',
    'SECURITY.md',
    'docs/decisions.md',
    'docs/operations.md',
  ]) {
    writeFileSync(join(ROOT, file), withoutSamples(readFileSync(join(ROOT, file), 'utf8')))
  }
  edit('docs/extending.md', [/## Start clean\n.*?(?=## )/s, ''])
  edit('test/docs/curl.test.ts', ["['README.md', 'docs/tutorial.md']", "['README.md']"])
  rmSync(join(ROOT, 'test/docs/route.test.ts'))
}

function rewriteConfiguration() {
  edit(
    'package.json',
    [/^ {4}"(?:bench|client|eject|screenshots)": .*\n/gm, ''],
    [/: the classic Flask tutorial[^"]*/, ''],
  )
  edit('tsconfig.json', [', "client", "bench"', ''])
  edit('plugins/routing/schema.ts', [/articles/g, 'things'])
  edit(
    'test/openapi/rules.ts',
    [/\/\*\* Exceptions of the sample .*?\n\]\n\n/s, ''],
    ['  ...SAMPLE_EXCEPTIONS,\n', ''],
  )
}

/** Throws if a text to replace is missing, so that eject's test fails when the project changes. */
function edit(file: string, ...replacements: [from: string | RegExp, to: string][]) {
  let text = readFileSync(join(ROOT, file), 'utf8')
  for (const [from, to] of replacements) {
    if (typeof from === 'string' ? !text.includes(from) : !from.test(text))
      throw new Error(`${file} lacks ${from}`)
    text = text.replace(from, to)
  }
  writeFileSync(join(ROOT, file), text)
}

function run(file: string, ...options: string[]) {
  execFileSync(process.execPath, [join(ROOT, file), ...options], { cwd: ROOT, stdio: 'inherit' })
}

function report() {
  for (const [from, to] of Object.entries(moves)) console.log(`moved ${from} to ${to}`)
  for (const path of SURPLUS) {
    if (!existsSync(join(ROOT, path))) console.log(`removed ${path}`)
  }
  console.log(`
Now: npm run check, and read the changes with git diff. Until you commit, git reset --hard and git clean -d
undo it. A database that the service has made before keeps the tables of the samples: remove it, or
name another one in DATABASE_URL.`)
}
