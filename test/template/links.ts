import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Returns the links of each document that lead to no file, or to a heading that the file does not have. */
export function findBrokenLinks(root: string): Record<string, string[]> {
  const documents = globSync(['*.md', 'client/**/*.md', 'docs/*.md'], { cwd: root })
  const broken = documents.map((document) => {
    const links = relativeLinks(readFileSync(join(root, document), 'utf8'))
    return [document, links.filter((link) => !leads(root, document, link))]
  })
  return Object.fromEntries(broken)
}

function leads(root: string, document: string, link: string): boolean {
  const [path = '', heading] = link.split('#')
  const target = path ? join(root, dirname(document), path) : join(root, document)
  if (!existsSync(target)) return false
  return heading === undefined || headingsOf(readFileSync(target, 'utf8')).includes(heading)
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
