import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** A file that pages or the API console load. */
export interface StaticFile {
  name: string
  mediaType: string
  /** Digest of the content, in hexadecimal. */
  digest: string
  /** Path with the digest, so that changed content has another path and browsers can cache the file forever. */
  path: string
  /** Path of the route, with the parameter `digest`. */
  route: string
  /** Quota of the small files that each page loads; they would use up a client's other requests. */
  rateLimit?: 'assets'
  read: () => Buffer | Promise<Buffer>
}

const CSS = 'text/css; charset=utf-8'
const JAVASCRIPT = 'text/javascript; charset=utf-8'

export const STYLESHEET = pageFile('page.css', CSS)
export const SCRIPT = pageFile('page.js', JAVASCRIPT)
export const ICON = pageFile('icon.svg', 'image/svg+xml')
export const PAGE_FILES = [STYLESHEET, SCRIPT, ICON]

/** The package of Swagger UI. Only the files for browsers are used. */
const SWAGGER_UI = createRequire(import.meta.url).resolve('@fastify/swagger-ui/package.json')
const SWAGGER_UI_DIGEST = digestOf(readFileSync(SWAGGER_UI)) // package.json contains the version

export const CONSOLE_STYLESHEETS = [
  swaggerUiFile('swagger-ui.css', CSS),
  ownFile('docs', 'console.css', CSS),
]
export const CONSOLE_SCRIPTS = [
  swaggerUiFile('swagger-ui-bundle.js', JAVASCRIPT),
  ownFile('docs', 'console.js', JAVASCRIPT),
]
export const CONSOLE_FILES = [...CONSOLE_STYLESHEETS, ...CONSOLE_SCRIPTS]

function pageFile(name: string, mediaType: string) {
  return { ...ownFile('assets', name, mediaType), rateLimit: 'assets' as const }
}

/** Reads a file at start, so that a later release in the same folder does not change the content of a path. */
function ownFile(folder: string, name: string, mediaType: string) {
  const content = readFileSync(join(import.meta.dirname, 'assets', name))
  const digest = digestOf(content)
  return { name, mediaType, digest, ...pathsOf(folder, digest, name), read: () => content }
}

/** Reads the content for each request, since these files are large and rarely requested. */
function swaggerUiFile(name: string, mediaType: string): StaticFile {
  const digest = SWAGGER_UI_DIGEST
  const location = join(dirname(SWAGGER_UI), 'static', name)
  return {
    name,
    mediaType,
    digest,
    ...pathsOf('docs', digest, name),
    read: () => readFile(location),
  }
}

function pathsOf(folder: string, digest: string, name: string) {
  return { path: `/${folder}/${digest}/${name}`, route: `/${folder}/:digest/${name}` }
}

function digestOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16)
}

/** Returns the hash of a file for HTML and content security policies (Subresource Integrity §3.1). */
export function integrityOf(content: Buffer): string {
  return `sha256-${createHash('sha256').update(content).digest('base64')}`
}
