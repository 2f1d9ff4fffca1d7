/** Tests which modules a module may import. docs/architecture.md explains these rules. */
import { join } from 'node:path'
import t from 'tap'
import { findCycles, listImports } from './imports.ts'

const ROOT = join(import.meta.dirname, '../..')
const FOLDERS = ['src', 'plugins', 'routes']
const IMPORTS = listImports(ROOT, FOLDERS)

const FASTIFY = /^fastify(?:-plugin)?$/

t.test('modules have no import cycles, not even cycles of type imports', async (t) => {
  t.strictSame(findCycles(IMPORTS), [])
  const cycle = ['a b', 'b c', 'c b'].map((pair) => pair.split(' '))
  t.strictSame(
    findCycles(cycle.map(([from = '', to = '']) => ({ from, to }))),
    ['b -> c -> b', 'c -> b -> c'],
    'findCycles() finds a cycle',
  )
})

t.test(
  'src/http, src/schemas and src/storage import neither plugins nor routes nor Fastify',
  async (t) => {
    const inner = IMPORTS.filter(({ from }) => /^src\/(?:http|schemas|storage)\//.test(from))
    t.ok(inner.length > 0)
    t.strictSame(
      inner.filter(({ to }) => /^(?:plugins|routes)\//.test(to) || FASTIFY.test(to)),
      [],
    )
  },
)

t.test('plugins do not import other plugins', async (t) => {
  const pluginOf = (file: string) => /^plugins\/([\w-]+)/.exec(file)?.[1]
  const between = IMPORTS.filter(({ from, to }) => pluginOf(from) && pluginOf(to))
  t.ok(between.length > 0)
  t.strictSame(
    between.filter(({ from, to }) => pluginOf(from) !== pluginOf(to)),
    [],
  )
})

t.test(
  'in the folder of a plugin, files other than index.ts and routes.ts import only types of Fastify',
  async (t) => {
    const ofFastify = IMPORTS.filter(({ to, kind }) => FASTIFY.test(to) && kind !== 'type')
    const inFolders = ofFastify.filter(({ from }) => /^plugins\/[\w-]+\//.test(from))
    t.ok(inFolders.length > 0)
    t.strictSame(
      inFolders.filter(({ from }) => !/\/(?:index|routes)\.ts$/.test(from)),
      [],
    )
  },
)
