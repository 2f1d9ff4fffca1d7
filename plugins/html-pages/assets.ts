import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pagePolicy } from '../../src/http/security-fields.ts'

/** A file that pages load. */
export interface Asset {
  name: string
  mediaType: string
  content: string
  /** What tells this content from that of other releases, in hexadecimal. */
  digest: string
  /** Where it is: another content is elsewhere, so that it can be kept for good. */
  path: string
  /** Its digest as HTML and content security policies write it (SRI §3.1). */
  integrity: string
}

export const STYLESHEET = readAsset('page.css', 'text/css; charset=utf-8')
export const SCRIPT = readAsset('page.js', 'text/javascript; charset=utf-8')
export const ICON = readAsset('icon.svg', 'image/svg+xml')

export const ASSETS = [STYLESHEET, SCRIPT, ICON]

/** The content security policy of pages. */
export const PAGE_POLICY = pagePolicy(SCRIPT.integrity)

/** A path of an asset, with the digest as a parameter. */
export function pathOf(name: string, digest = ':digest'): string {
  return `/assets/${digest}/${name}`
}

function readAsset(name: string, mediaType: string): Asset {
  const content = readFileSync(join(import.meta.dirname, 'assets', name), 'utf8')
  const hash = createHash('sha256').update(content).digest()
  const digest = hash.toString('hex').slice(0, 16)
  const integrity = `sha256-${hash.toString('base64')}`
  return { name, mediaType, content, digest, path: pathOf(name, digest), integrity }
}
