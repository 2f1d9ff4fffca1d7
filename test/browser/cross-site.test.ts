/** Writes of another site in Chromium, which has remembered the user's credentials for the API. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FastifyPluginAsync } from 'fastify'
import type { BrowserContext, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { buildWith } from '../app.ts'
import '../fixtures/register.ts'
import { skipUnless } from '../requirement.ts'
import { launch } from './chromium.ts'

const credentials = { username: 'luis', password: 'a password' }

const URLENCODED = 'application/x-www-form-urlencoded'

/** Writes that the browser sends without a preflight. It adds the remembered credentials to the forms. */
const WRITES: [title: string, code: string, isSigned: boolean][] = [
  ['a urlencoded form', `form('${URLENCODED}')`, true],
  ['a multipart form', `form('multipart/form-data')`, true],
  ['a form as text/plain', `form('text/plain')`, true],
  ['a form that hides its origin', `hide(); form('${URLENCODED}')`, true],
  ['a script without a Content-Type', `script(new Blob(['{}']))`, false],
  ['a script with the Content-Type of a form', `script(new URLSearchParams('a=1'))`, false],
]

/** Sends a write as the pages of CORS_ORIGIN do, and returns the status; undefined if the browser blocks it. */
const PERMITTED_SCRIPT = `fetch(target, {
  method: 'POST',
  headers: { 'content-type': 'application/json', authorization: 'Basic bHVpczphIHBhc3N3b3Jk' },
  body: '{}',
}).then(({ status }) => status, () => undefined)`

/** Page of the other site, with the functions that WRITES call. Its query is the target. */
const PAGE = `<!doctype html><title>Another site</title><form method="post"><input name="a"></form><script>
const target = location.search.slice(1)
function form(enctype) {
  Object.assign(document.forms[0], { action: target, enctype }).submit()
}
function hide() {
  document.head.append(Object.assign(document.createElement('meta'), { name: 'referrer', content: 'no-referrer' }))
}
function script(body) {
  fetch(target, { method: 'POST', mode: 'no-cors', credentials: 'include', body })
}
</script>`

interface Received {
  status: number
  /** True if the browser has added the remembered credentials. */
  isSigned: boolean
  origin: string | undefined
  site: unknown
}

/** Serves the page of the other site on loopback, and returns the port. */
async function servePage(t: Test): Promise<number> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end(PAGE)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  return (server.address() as AddressInfo).port // a TCP server has such an address
}

/** Starts the API with a protected resource. Returns its port, and a function that waits for the next write. */
async function startApi(t: Test, environment: Record<string, string>) {
  let receive: (received: Received) => void = () => {}
  const routes: FastifyPluginAsync = async (app) => {
    const options = { onRequest: app.requireAuth() }
    app.addHook('onResponse', async ({ method, headers }, { statusCode }) => {
      const { origin, authorization, 'sec-fetch-site': site } = headers
      const isSigned = authorization !== undefined
      if (method === 'POST') receive({ status: statusCode, isSigned, origin, site })
    })
    app.get('/account', options, async () => ({}))
    app.post('/account', options, async (_request, reply) => reply.code(201).send({}))
  }
  const authenticate = async () => ({ name: 'luis', scopes: [] })
  const app = await buildWith(t, routes, environment, { authenticate })
  const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
  const nextWrite = () => new Promise<Received>((resolve) => (receive = resolve))
  return { port, nextWrite }
}

/** Opens a page in the browser, runs code in it, and closes it. */
async function runIn(context: BrowserContext, url: string, run: (page: Page) => Promise<unknown>) {
  const page = await context.newPage()
  await page.goto(url)
  await run(page)
  await page.close()
}

t.test('writes of another site', { skip: skipUnless('chromium') }, async (t) => {
  const browser = await launch('--host-resolver-rules=MAP *.test 127.0.0.1')
  t.teardown(() => browser.close())
  const evil = `http://evil.test:${await servePage(t)}`

  // Chromium sends Sec-Fetch-Site to loopback, but not to other names without TLS.
  for (const [host, site] of [
    ['api.test', undefined],
    ['127.0.0.1', 'cross-site'],
  ] as const) {
    for (const CORS_ORIGIN of ['', '*']) {
      t.test(`to ${host} with CORS_ORIGIN=${CORS_ORIGIN}`, async (t) => {
        const { port, nextWrite } = await startApi(t, { CORS_ORIGIN })
        const api = `http://${host}:${port}`
        const elsewhere = `${evil}/?${api}/account`
        const context = await browser.newContext({ httpCredentials: credentials })
        await runIn(context, `${api}/account`, async () => {})

        for (const [title, code, isSigned] of WRITES) {
          await runIn(context, elsewhere, async (page) => {
            const [received] = await Promise.all([nextWrite(), page.evaluate(code)])
            t.match(received, { status: 403, isSigned, site }, `${title} is refused`)
          })
        }
        await runIn(context, elsewhere, async (page) => {
          const status = await page.evaluate(PERMITTED_SCRIPT)
          t.equal(status, CORS_ORIGIN ? 201 : undefined, 'a preflight decides about a script')
        })
        const plain = await browser.newContext({ javaScriptEnabled: false })
        await runIn(plain, `${api}/files`, async (page) => {
          await page.locator('summary', { hasText: 'POST' }).click()
          await page.getByRole('button', { name: /urlencoded/ }).click()
          t.equal(await page.innerText('.status'), '201 Created', 'a form of the API is accepted')
        })
      })
    }
  }
})
