/** Generates clients from docs/openapi.yaml with several tools, compiles them, and uses them with a service. */
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build as bundle } from 'esbuild'
import t, { type Test } from 'tap'
import { AUTHORIZATION, build } from '../app.ts'
import { freePort } from '../free-port.ts'
import { endProgram, waitForLine } from '../program.ts'
import type { Outcome } from './generators/outcome.ts'
import { installTool, runIn } from './install.ts'
import { OPENAPI_FILE } from './responses.ts'

t.setTimeout(10 * 60_000) // may install the tools

const ROOT = join(import.meta.dirname, '../..')
const CLIENTS = ['hey-api', 'openapi-fetch', 'orval']

const tools = await installTool('generators')
const folder = mkdtempSync(join(tools, 'clients-'))
t.teardown(() => rmSync(folder, { recursive: true }))

function tool(name: string): string[] {
  return [process.execPath, join(tools, 'node_modules/.bin', name)]
}

async function listen(t: Test): Promise<string> {
  return (await build(t)).listen({ host: '127.0.0.1', port: 0 })
}

/** Generates the clients for a service in `folder`, and compiles them with the programs that use them. */
async function generateClients(url: string): Promise<void> {
  for (const file of [...CLIENTS.map((name) => `${name}.ts`), 'outcome.ts', 'tsconfig.json']) {
    cpSync(join(tools, file), join(folder, file))
  }
  const orval = [`OPENAPI_FILE=${OPENAPI_FILE}`, `FOLDER=${folder}`, `SERVICE_URL=${url}`]
  await Promise.all([
    runIn(folder, ...tool('openapi-ts'), '--input', OPENAPI_FILE, '--output', 'hey-api'),
    runIn(
      folder,
      ...tool('openapi-typescript'),
      OPENAPI_FILE,
      '-o',
      'openapi-typescript/schema.d.ts',
    ),
    runIn(folder, ...orval, ...tool('orval'), '--config', join(tools, 'orval.config.js')),
  ])
  await runIn(folder, join(ROOT, 'node_modules/.bin/tsc'), '--project', '.')
  await bundle({
    entryPoints: CLIENTS.map((name) => join(folder, `${name}.ts`)),
    outdir: join(folder, 'bundle'),
    format: 'esm',
    bundle: true,
    outExtension: { '.js': '.mjs' },
  })
}

t.test('generated clients compile, and create, read, replace, list and delete', async (t) => {
  const url = await listen(t)
  await generateClients(url)
  for (const name of CLIENTS) {
    const { href } = pathToFileURL(join(folder, 'bundle', `${name}.mjs`))
    const { run }: { run: (url: string, authorization: string) => Promise<Outcome> } = await import(
      href
    )
    const { id, ids, ...outcome } = await run(url, AUTHORIZATION)
    t.strictSame(
      outcome,
      {
        title: 'A title',
        newTitle: 'Another title',
        staleMessage:
          'Precondition Failed: If-Match: the resource has changed, and so has its ETag',
        deletedStatus: 204,
        missingMessage: `Not Found: ${url}/articles/${id}`,
      },
      name,
    )
    t.equal(ids.length, 3, 'the pages have all articles of the author')
  }
})

interface PostmanResponse {
  request: string
  status: number | undefined
  body: string
}

/** Sends the requests of a Postman collection, and returns the responses. */
async function sendCollection(url: string): Promise<PostmanResponse[]> {
  const script = join(tools, 'postman.js')
  const { stdout } = await runIn(folder, process.execPath, script, OPENAPI_FILE, url)
  return JSON.parse(stdout)
}

function isRefused({ status }: PostmanResponse): boolean {
  return status === undefined || status >= 400
}

t.test('each request of a Postman collection of the document succeeds', async (t) => {
  const responses = await sendCollection(await listen(t))
  t.ok(responses.length > 30, `${responses.length} requests`)
  t.strictSame(responses.filter(isRefused), [])
})

/** Starts Prism as a proxy that answers with an error if a request or a response does not match the document. */
async function startPrism(t: Test, url: string): Promise<string> {
  const port = String(await freePort())
  const [program = '', ...words] = [...tool('prism'), 'proxy', OPENAPI_FILE, url]
  const prism = spawn(program, [...words, '--errors', '--port', port], {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.teardown(() => endProgram(prism))
  await waitForLine(prism, prism.stdout, 'is listening')
  return `http://127.0.0.1:${port}`
}

t.test('Prism finds no request or response that the document does not declare', async (t) => {
  const proxy = await startPrism(t, await listen(t))
  const refused = (await sendCollection(proxy)).filter(isRefused)
  // OpenAPI has no path parameter with slashes.
  t.match(refused, [{ request: 'GET /converters/path/a/b', status: 404 }])
  t.strictSame(refused.slice(1), [])
})
