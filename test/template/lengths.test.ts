import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { listModules } from '../docs/imports.ts'
import { measureFunctions } from './function-lengths.ts'

const ROOT = join(import.meta.dirname, '../..')
const FOLDERS = ['src', 'plugins', 'routes']

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
