import { globSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Moves } from './modules.ts'

/** Folders of `routes/` with sample resources. */
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

/** Returns the new paths of the samples and their tests. */
export function listMoves(root: string): Moves {
  const routes = ROUTES.map((name) => [`routes/${name}`, `test/samples/routes/${name}`])
  const tests = globSync('test/routes/*.test.ts', { cwd: root })
    .filter((file) => isOfSample(basename(file)))
    .map((file) => [file, file.replace(/^test\/(?:routes|src)/, 'test/samples')])
  return Object.fromEntries([...routes, ...tests])
}

function isOfSample(test: string): boolean {
  const [subject = ''] = test.split(/[-.]/)
  return ROUTES.includes(subject)
}

/** Paths that a new service does not need. */
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

/** Module that adds the sample routes in every process of a test. */
export const REGISTER = {
  file: join('test/samples', 'register.ts'),
  source: `import { join } from 'node:path'
import { RESOURCES } from '../../src/resources.ts'

// Adds sample resources, with which the plugins are tested, to this process and to those that it starts.

RESOURCES.push(join(import.meta.dirname, 'routes'))

/** Option of Node: loads the samples first. */
export const SAMPLES = \`--import=\${import.meta.url}\`

const { NODE_OPTIONS = '' } = process.env
if (!NODE_OPTIONS.includes(SAMPLES)) process.env.NODE_OPTIONS = \`\${NODE_OPTIONS} \${SAMPLES}\`.trim()
`,
}
