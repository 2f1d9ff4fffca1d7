/** The service behind a real nginx that publishes it under a path, with pages in Chromium. */
import t, { type Test } from 'tap'
import { build } from '../app.ts'
import '../fixtures/register.ts'
import { startNginxServer } from '../nginx.ts'
import { skipUnless } from '../requirement.ts'
import { listen, testInBrowser } from './browser.ts'
import { authenticate, commandIn, send } from './forms.ts'

const skip = skipUnless('nginx')

/** Starts nginx, which publishes the service under `/api/v1/` only, and returns the URL of the service. */
async function publish(t: Test): Promise<string> {
  const app = await build(t, { FORWARDED_PREFIX: 'true', TRUST_PROXY: '127.0.0.1' })
  const origin = await listen(app)
  const location = `
location /api/v1/ {
  proxy_pass ${origin}/;
  proxy_http_version 1.1;
  proxy_set_header Connection "";
  proxy_set_header Host $http_host;
  proxy_set_header X-Forwarded-Prefix /api/v1;
}`
  return `${await startNginxServer(t, location)}/api/v1`
}

t.test(
  'every URL that a client gets behind nginx leads back to the service',
  { skip },
  async (t) => {
    const url = await publish(t)
    const { origin } = new URL(url)
    const index = await fetch(url.concat('/'), { headers: { accept: 'application/json' } })
    const { links } = (await index.json()) as { links: Record<string, string> }
    const linked = [...String(index.headers.get('link')).matchAll(/<([^>]+)>/g)].map(
      ([, path]) => path,
    )
    t.equal(linked.length, 5)
    for (const path of [...linked, ...Object.values(links)]) {
      const { status } = await fetch(origin + path)
      t.ok(status === 200 || status === 401, `${path}: ${status}`)
    }
    const created = await fetch(`${url}/files`, { method: 'POST', body: 'text' })
    t.equal(created.headers.get('location'), '/api/v1/files/1')
    const catalog = await (await fetch(`${url}/.well-known/api-catalog`)).text()
    const hrefs = [...catalog.matchAll(/"href":"([^"]+)"/g)].map(([, href]) => String(href))
    t.equal(hrefs.length, 5)
    for (const href of hrefs) t.equal((await fetch(href)).status, 200, href)
    const forged = await fetch(`${url}/`, {
      headers: { 'x-forwarded-prefix': '/evil', accept: 'text/html' },
    })
    t.notMatch(await forged.text(), 'evil', 'nginx replaces the field of a client')
  },
)

if (skip) t.test('pages behind a path prefix', { skip }, async () => {})
else {
  testInBrowser('pages and forms work behind a path prefix', async (t, open) => {
    const url = await publish(t)
    const page = await open()
    await page.goto(`${url}/`)
    t.match(await page.innerText('.command'), `${url}/`)
    await page.getByRole('link', { name: '/notes', exact: true }).click()
    t.equal(page.url(), `${url}/notes`)
    t.match(await page.innerText('.fields'), '</api/v1/notes>; rel="first"')
    await page.getByRole('link', { name: '123' }).click()
    t.equal(page.url(), `${url}/notes/123`)
    await page.getByRole('navigation', { name: 'Breadcrumb' }).getByText('notes').click()
    t.equal(page.url(), `${url}/notes`)

    const form = page.locator('details', {
      has: page.locator('summary .method', { hasText: /^POST$/ }),
    })
    await form.locator('summary').first().click()
    await authenticate(form)
    await form.getByRole('button', { name: 'Send POST' }).click()
    await form.getByRole('link', { name: 'Open /api/v1/notes/124' }).click()
    t.equal(page.url(), `${url}/notes/124`)
    await page.getByRole('link', { name: 'restful-web-api' }).click()
    t.equal(page.url(), `${url}/`)
    t.equal((await page.goto(`${url}/nope`))?.status(), 404)
    t.match(await page.innerText('.lead'), `${url}/nope`)
    await page.getByRole('link', { name: 'Home' }).click()
    t.equal(page.url(), `${url}/`)
  })

  testInBrowser('the reference works behind a path prefix', async (t, open) => {
    const url = await publish(t)
    const page = await open({ viewport: { width: 1280, height: 900 } })
    await page.goto(`${url}/docs`)
    await page.getByRole('link', { name: 'Read a note' }).click()
    t.equal(page.url(), `${url}/docs/readFixtureNote`)
    const form = page.locator('.trial')
    t.match(await send(form), /^200 OK/)
    t.match(await commandIn(form), `${url}/notes/`)
    await page.locator('.about').getByRole('link', { name: '/notes' }).click()
    t.equal(page.url(), `${url}/notes`)
  })
}
