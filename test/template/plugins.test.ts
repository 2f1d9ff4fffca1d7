import { readdirSync, readFileSync } from 'node:fs'
import { join, parse } from 'node:path'
import t from 'tap'
import { ROWS } from '../plugins/alone.ts'

const ROOT = join(import.meta.dirname, '../..')

const PLUGINS = readdirSync(join(ROOT, 'plugins')).map((file) => parse(file).name)

t.test('docs/extending.md lists each plugin once, with its concern', async (t) => {
  const document = readFileSync(join(ROOT, 'docs/extending.md'), 'utf8')
  const [, section = ''] = /^## The plugins\n(.*?)^## /ms.exec(document) ?? []
  const listed = [...section.matchAll(/^\| `([\w-]+)` \| \S/gm)].map(([, name]) => name)
  t.strictSame(listed.toSorted(), PLUGINS.toSorted())
})

t.test('a row in test/plugins/alone.ts shows the effect of each plugin', async (t) => {
  const proved = new Set([...ROWS.map(({ plugin }) => plugin), 'tracing'])
  t.same(
    PLUGINS.filter((name) => !proved.has(name)),
    [],
  )
})
