import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { consolePolicy } from '../../src/http/security-fields.ts'
import { writeConsole } from './page.ts'
import { readConsole, readFileAs } from './schema.ts'

/** The console is Swagger UI: of its package these files are read, when they are asked for, and no code. */
const PACKAGE = createRequire(import.meta.url).resolve('@fastify/swagger-ui/package.json')
const OWN_SCRIPT = join(import.meta.dirname, 'console.js')

const JAVASCRIPT = 'text/javascript; charset=utf-8'
const FILES = {
  style: { name: 'swagger-ui.css', path: join(dirname(PACKAGE), 'static/swagger-ui.css') },
  library: { name: 'swagger-ui.js', path: join(dirname(PACKAGE), 'static/swagger-ui-bundle.js') },
  script: { name: 'console.js', path: OWN_SCRIPT },
}
const SCRIPTS = [FILES.library, FILES.script]

/** A path names the version of its file: another file has another. */
const FOREVER = 'public, max-age=31536000, immutable'

const routes: FastifyPluginAsyncTypebox = async (app) => {
  const version = createHash('sha256')
    .update(readFileSync(PACKAGE)) // which names the version
    .update(readFileSync(OWN_SCRIPT))
    .digest('hex')
    .slice(0, 16)
  const urlOf = ({ name }: { name: string }) => `docs/${version}/${name}`
  let page: ReturnType<typeof drawPage> | undefined

  for (const file of Object.values(FILES)) {
    const mediaType = file === FILES.style ? 'text/css; charset=utf-8' : JAVASCRIPT
    app.get(`/${urlOf(file)}`, { schema: readFileAs(mediaType) }, async (_request, reply) =>
      reply
        .version({ version })
        .header('cache-control', FOREVER)
        .send(await readFile(file.path)),
    )
  }

  app.get('/docs', { schema: readConsole }, async (_request, reply) => {
    page ??= drawPage(app.urlFor('readContract'), urlOf)
    const { html, policy } = await page
    return reply.header('content-security-policy', policy).send(html)
  })
}
export default routes

async function drawPage(contract: string, urlOf: (file: { name: string }) => string) {
  const scripts = await Promise.all(
    SCRIPTS.map(async (file) => ({ url: urlOf(file), integrity: await integrityOf(file.path) })),
  )
  const policy = consolePolicy(scripts.map(({ integrity }) => integrity))
  return { html: writeConsole(contract, urlOf(FILES.style), scripts), policy }
}

/** What a browser knows a file by (Subresource Integrity §3.1). */
async function integrityOf(path: string): Promise<string> {
  const digest = createHash('sha256').update(await readFile(path))
  return `sha256-${digest.digest('base64')}`
}

declare module '../../plugins/routing.ts' {
  interface NamedRoutes {
    readConsole: null
  }
}
