import { globSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import t from 'tap'

const ROOT = join(import.meta.dirname, '../..')
const DOCUMENTS = globSync(['README.md', 'docs/*.md'], { cwd: ROOT })

/** Size limit of a picture, in bytes, for readers with slow connections. */
const MAX_BYTES = 100_000

/** Returns the paths of the pictures in a document, relative to the root. */
function picturesIn(document: string): string[] {
  const markdown = readFileSync(join(ROOT, document), 'utf8')
  const links = markdown.matchAll(/(?:!\[[^\]]+\]\(|(?:src|srcset)=")([^)"]+\.(?:png|svg))[)"]/g)
  return [...links].map(([, path = '']) => join(dirname(document), path))
}

const shown = DOCUMENTS.flatMap(picturesIn)

t.test('the documents show each picture in docs/images, and no other picture', async (t) => {
  const files = globSync('docs/images/*', { cwd: ROOT })
  t.ok(files.length > 0)
  t.same([...new Set(shown)].sort(), files.sort())
})

for (const picture of new Set(shown)) {
  t.test(`the picture ${basename(picture)} is under the size limit`, async (t) => {
    t.ok(statSync(join(ROOT, picture)).size < MAX_BYTES)
  })
}
