import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const ASSETS = join(import.meta.dirname, 'assets')

/** Lines of comments in a script, which browsers do not need. */
const COMMENT_LINES = /^ *(?:\/\/|\/?\*).*\n/gm

/** A file that pages load. */
export interface StaticFile {
  name: string
  mediaType: string
  content: Buffer
  /** Digest of the content, in hexadecimal. */
  digest: string
  /** Path with the digest, so that changed content has another path and browsers can cache the file forever. */
  path: string
  /** Path of the route, with the parameter `digest`. */
  route: string
}

export const STYLESHEET = staticFile('page.css', 'text/css; charset=utf-8')
/** One file, since a content security policy needs the hash of each file. The parts share their functions. */
export const SCRIPT = staticFile(
  'page.js',
  'text/javascript; charset=utf-8',
  'curl.js',
  'credentials.js',
  'request.js',
  'errors.js',
  'outcome.js',
  'page.js',
)
export const ICON = staticFile('icon.svg', 'image/svg+xml')
export const STATIC_FILES = [STYLESHEET, SCRIPT, ICON]

/** Reads a file at start, so that a later release in the same folder does not change the content of a path. */
function staticFile(name: string, mediaType: string, ...parts: string[]): StaticFile {
  const files = parts.length > 0 ? parts : [name]
  const text = files.map((file) => readFileSync(join(ASSETS, file), 'utf8')).join('')
  const content = Buffer.from(parts.length > 0 ? text.replace(COMMENT_LINES, '') : text)
  const digest = createHash('sha256').update(content).digest('hex').slice(0, 16)
  const path = `/assets/${digest}/${name}`
  return { name, mediaType, content, digest, path, route: `/assets/:digest/${name}` }
}

/** Returns the hash of a file for HTML and content security policies (Subresource Integrity §3.1). */
export function integrityOf(content: Buffer): string {
  return `sha256-${createHash('sha256').update(content).digest('base64')}`
}
