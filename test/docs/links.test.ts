import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'

const ROOT = join(import.meta.dirname, '../..')
const DOCUMENTS = globSync(['*.md', 'client/**/*.md', 'docs/*.md'], { cwd: ROOT })

for (const document of DOCUMENTS) {
  t.test(`the links of ${document} lead to files and headings that exist`, async (t) => {
    for (const link of relativeLinks(readFileSync(join(ROOT, document), 'utf8'))) {
      const [path = '', heading] = link.split('#')
      const target = path ? join(ROOT, dirname(document), path) : join(ROOT, document)
      if (!t.ok(existsSync(target), link) || heading === undefined) continue
      t.ok(
        headingsOf(readFileSync(target, 'utf8')).includes(heading),
        `the heading of ${link} exists`,
      )
    }
  })
}

function relativeLinks(markdown: string): string[] {
  return [...markdown.matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(([, link = '']) => link)
}

/** Returns the anchors of a document's headings, as GitHub builds them. */
function headingsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )
}
