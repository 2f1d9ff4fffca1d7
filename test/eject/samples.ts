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

/** Where the samples and their tests go, for the plugins to be tested with them. */
export function listMoves(root: string): Moves {
  const routes = ROUTES.map((name) => [`routes/${name}`, `test/samples/routes/${name}`])
  const tests = globSync('test/routes/*.test.ts', { cwd: root })
    .filter((file) => isOfSample(basename(file)))
    .map((file) => [file, file.replace(/^test\/(?:routes|src)/, 'test/samples')])
  return Object.fromEntries([...routes, ...tests, ...OFFER])
}

/** What a test asks for more with than the service has time for: the rest of the benchmarks goes. */
const OFFER = ['offer.ts', 'load-generator.ts', 'prober.ts', 'median.ts'].map((file) => [
  `bench/${file}`,
  `test/reliability/${file}`,
])

function isOfSample(test: string): boolean {
  const [subject = ''] = test.split(/[-.]/)
  return ROUTES.includes(subject)
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

RESOURCES.push(join(import.meta.dirname, 'routes'))

/** Has Node load them first. */
export const SAMPLES = \`--import=\${import.meta.url}\`

const { NODE_OPTIONS = '' } = process.env
if (!NODE_OPTIONS.includes(SAMPLES)) process.env.NODE_OPTIONS = \`\${NODE_OPTIONS} \${SAMPLES}\`.trim()
`,
}
