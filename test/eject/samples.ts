import { globSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Moves } from './modules.ts'

/** The folders of `routes/` that hold samples. */
export const ROUTES = [
  'articles',
  'converters',
  'echo',
  'hello',
  'logs',
  'messages',
  'secrets',
  'users',
]

/** What samples are made of besides, and which of the migrations are theirs alone. */
const MODULES: Moves = {
  'src/storage/migrations/001-resources.ts': 'migrations/001-resources.ts',
  'src/storage/migrations/002-tutorial.ts': 'migrations/002-tutorial.ts',
  'src/storage/migrations/003-versions.ts': 'migrations/003-versions.ts',
  'src/storage/migrations/004-user-versions.ts': 'migrations/004-user-versions.ts',
  'src/storage/migrations/005-lists.ts': 'migrations/005-lists.ts',
}

/** Tests of several samples. */
const SHARED_TESTS = ['lists', 'patch', 'statuses']

/** Where the samples and their tests go, for the plugins to be tested with them. */
export function listMoves(root: string): Moves {
  const routes = ROUTES.map((name) => [`routes/${name}`, `test/samples/routes/${name}`])
  const modules = Object.entries(MODULES).map(([from, to]) => [from, `test/samples/${to}`])
  const tests = globSync('test/{routes,src/storage}/*.test.ts', { cwd: root })
    .filter((file) => isOfSample(basename(file)))
    .map((file) => [file, file.replace(/^test\/(?:routes|src)/, 'test/samples')])
  return Object.fromEntries([...routes, ...modules, ...tests, FIRST_MIGRATION, ...OFFER])
}

/** The one that stays begins a history of its own. */
const FIRST_MIGRATION = [
  'src/storage/migrations/006-idempotency.ts',
  'src/storage/migrations/001-idempotency.ts',
]

/** What a test asks for more with than the service has time for: the rest of the benchmarks goes. */
const OFFER = ['offer.ts', 'load-generator.ts', 'prober.ts', 'median.ts'].map((file) => [
  `bench/${file}`,
  `test/reliability/${file}`,
])

function isOfSample(test: string): boolean {
  const [subject = ''] = test.split(/[-.]/)
  return [...ROUTES, ...SHARED_TESTS, 'search'].includes(subject)
}

/** What nobody needs who has a service of their own. */
export const SURPLUS = [
  'bench',
  'client',
  'docs/benchmarks.md',
  'docs/images',
  'docs/tutorial.md',
  'test/browser/take-screenshots.ts',
  'test/docs/images.test.ts',
  'test/eject',
  'test/reliability/eject.test.ts',
  'test/bench',
  'test/client',
  'test/tutorial',
]

/** Says in every process of a test where the samples are. */
export const REGISTER = {
  file: join('test/samples', 'register.ts'),
  source: `import { join } from 'node:path'
import { RESOURCES } from '../../src/resources.ts'

// Resources that no service has, for its plugins to be tested with: in this process, and in those that
// it starts.

RESOURCES.push({
  routes: join(import.meta.dirname, 'routes'),
  migrations: join(import.meta.dirname, 'migrations'),
})

/** Has Node load them first. */
export const SAMPLES = \`--import=\${import.meta.url}\`

const { NODE_OPTIONS = '' } = process.env
if (!NODE_OPTIONS.includes(SAMPLES)) process.env.NODE_OPTIONS = \`\${NODE_OPTIONS} \${SAMPLES}\`.trim()
`,
}
