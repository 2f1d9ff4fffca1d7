import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { consolePolicy } from '../../src/http/security-fields.ts'
import { writeConsole } from './docs-page.ts'
import { readConsole, readFileAs } from './docs-schema.ts'

/** The console is Swagger UI: of its package these files are read, when they are asked for, and no code. */
const PACKAGE = createRequire(import.meta.url).resolve('@fastify/swagger-ui/package.json')
const theirs = (name: string) => join(dirname(PACKAGE), 'static', name)
const ours = (name: string) => join(import.meta.dirname, 'assets', name)

const STYLES = [theirs('swagger-ui.css'), ours('console.css')]
const SCRIPTS = [theirs('swagger-ui-bundle.js'), ours('console.js')]
const MEDIA_TYPES = new Map([
  ...STYLES.map((path) => [path, 'text/css; charset=utf-8'] as const),
  ...SCRIPTS.map((path) => [path, 'text/javascript; charset=utf-8'] as const),
])

/** A path names the version of its file: another file has another. */
const FOREVER = 'public, max-age=31536000, immutable'

const routes: FastifyPluginAsyncTypebox = async (app) => {
  const hash = createHash('sha256')
  // the first names the version of Swagger UI
  for (const path of [PACKAGE, ours('console.css'), ours('console.js')]) {
    hash.update(readFileSync(path))
  }
  const version = hash.digest('hex').slice(0, 16)
  const urlOf = (path: string) => `docs/${version}/${basename(path)}`
  let page: ReturnType<typeof drawPage> | undefined

  for (const [path, mediaType] of MEDIA_TYPES) {
    app.get(`/${urlOf(path)}`, { schema: readFileAs(mediaType) }, async (_request, reply) =>
      reply
        .version({ version })
        .header('cache-control', FOREVER)
        .send(await readFile(path)),
    )
  }

  app.get('/docs', { schema: readConsole }, async (_request, reply) => {
    page ??= drawPage(app.urlFor('readOpenApi'), urlOf)
    const { html, policy } = await page
    return reply.header('content-security-policy', policy).send(html)
  })
}
export default routes

async function drawPage(contract: string, urlOf: (path: string) => string) {
  const scripts = await Promise.all(
    SCRIPTS.map(async (path) => ({ url: urlOf(path), integrity: await integrityOf(path) })),
  )
  const policy = consolePolicy(scripts.map(({ integrity }) => integrity))
  return { html: writeConsole(contract, STYLES.map(urlOf), scripts), policy }
}

/** What a browser knows a file by (Subresource Integrity §3.1). */
async function integrityOf(path: string): Promise<string> {
  const digest = createHash('sha256').update(await readFile(path))
  return `sha256-${digest.digest('base64')}`
}

declare module '../routing/index.ts' {
  interface NamedRoutes {
    readConsole: null
  }
}
