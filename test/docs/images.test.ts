import { globSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import t from 'tap'

const ROOT = join(import.meta.dirname, '../..')
const DOCUMENTS = globSync(['README.md', 'docs/*.md'], { cwd: ROOT })

/** As much as a reader may have to wait for, in octets. */
const SIZE_LIMIT = 100_000

/** The pictures that a document shows, by their paths from the root. */
function picturesIn(document: string): string[] {
  const markdown = readFileSync(join(ROOT, document), 'utf8')
  const links = markdown.matchAll(/!\[[^\]]+\]\(([^)]+\.(?:png|svg))\)/g)
  return [...links].map(([, path = '']) => join(dirname(document), path))
}

const shown = DOCUMENTS.flatMap(picturesIn)

t.test('each picture that is there is shown, and no other', async (t) => {
  const there = globSync('docs/images/*', { cwd: ROOT })
  t.ok(there.length > 0)
  t.same([...new Set(shown)].sort(), there.sort())
})

for (const picture of new Set(shown)) {
  t.test(`the picture ${basename(picture)} is small`, async (t) => {
    t.ok(statSync(join(ROOT, picture)).size < SIZE_LIMIT)
  })
}
