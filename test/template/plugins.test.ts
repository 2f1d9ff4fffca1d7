import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'

const ROOT = join(import.meta.dirname, '../..')

t.test('docs/extending.md lists each plugin once, with its concern', async (t) => {
  const document = readFileSync(join(ROOT, 'docs/extending.md'), 'utf8')
  const [, section = ''] = /^## The plugins\n(.*?)^## /ms.exec(document) ?? []
  const listed = [...section.matchAll(/^\| `([\w-]+)` \| \S/gm)].map(([, name]) => name)
  const plugins = readdirSync(join(ROOT, 'plugins')).map((file) => file.replace('.ts', ''))
  t.strictSame(listed.toSorted(), plugins.sort())
})
