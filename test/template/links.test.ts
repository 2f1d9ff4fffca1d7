import { join } from 'node:path'
import t from 'tap'
import { findBrokenLinks } from './links.ts'

const ROOT = join(import.meta.dirname, '../..')

for (const [document, links] of Object.entries(findBrokenLinks(ROOT))) {
  t.test(`the links of ${document} lead to files and headings that exist`, async (t) => {
    t.strictSame(links, [])
  })
}

t.test('findBrokenLinks() finds a missing file and a missing heading', async (t) => {
  const root = t.testdir({
    'a.md':
      '# A b\n\n[1](#a-b) [2](#b) [3](docs/c.md#c) [4](docs/c.md#d) [5](d.md) [6](https://e.example)',
    docs: { 'c.md': '# C\n\n[1](../a.md)' },
  })
  t.strictSame(findBrokenLinks(root), { 'a.md': ['#b', 'docs/c.md#d', 'd.md'], 'docs/c.md': [] })
})
