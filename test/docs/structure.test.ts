/** Tests the rules of docs/architecture.md for single files: allowed imports, no cycles, and maximum lengths. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { measureFunctions } from './function-lengths.ts'
import { findCycles, listImports, listModules } from './imports.ts'

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

const FILE_LIMIT_LINES = 200
const FUNCTION_LIMIT_LINES = 40

const SOURCES = listModules(ROOT, FOLDERS).map((file) => ({
  file,
  source: readFileSync(join(ROOT, file), 'utf8'),
}))

t.test(`no file has more than ${FILE_LIMIT_LINES} lines`, async (t) => {
  const lengths = SOURCES.map(({ file, source }) => ({
    file,
    lines: source.split('\n').length - 1,
  }))
  t.strictSame(
    lengths.filter(({ lines }) => lines > FILE_LIMIT_LINES),
    [],
  )
})

t.test(`no function has more than ${FUNCTION_LIMIT_LINES} lines`, async (t) => {
  const lengths = SOURCES.flatMap(({ file, source }) =>
    measureFunctions(source).map(({ line, lines }) => ({ at: `${file}:${line}`, lines })),
  )
  t.ok(lengths.length > 300, 'the functions of the sources are found')
  t.strictSame(
    lengths.filter(({ lines }) => lines > FUNCTION_LIMIT_LINES),
    [],
  )
})

t.test(
  'measureFunctions() counts the lines of parameters, and the lines of inner functions only once',
  async (t) => {
    const source = 'export function a(\n  b: number,\n): void {\n  if (b) {\n    c()\n  }\n}\n'
    t.strictSame(measureFunctions(source), [{ line: 1, lines: 7 }])
    t.strictSame(measureFunctions('const a = () => {\n  b(() => {\n    c()\n  })\n}\n'), [
      { line: 1, lines: 2 },
      { line: 2, lines: 3 },
    ])
  },
)
