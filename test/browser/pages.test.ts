import type { FastifyPluginAsync } from 'fastify'
import { ACCOUNT, build, buildWith, write } from '../app.ts'
import '../fixtures/register.ts'
import { HOSTILE } from '../hostile.ts'
import { listen, testInBrowser } from './browser.ts'

testInBrowser('links lead from the landing page to a note and back', async (t, open) => {
  const origin = await listen(await build(t))
  const page = await open()
  await page.goto(origin)
  t.equal(await page.title(), 'restful-web-api · /')
  await page.getByRole('link', { name: '/notes', exact: true }).click()
  await page.getByRole('link', { name: '123' }).click()
  t.equal(page.url(), `${origin}/notes/123`)
  t.equal(await page.innerText('h1'), 'Note')
  t.match(await page.innerText('.body'), '"author": "An author"')
  await page.getByRole('navigation', { name: 'Breadcrumb' }).getByText('notes').click()
  t.equal(page.url(), `${origin}/notes`)
})

testInBrowser('the page of a 404 shows the URL and links to the landing page', async (t, open) => {
  const origin = await listen(await build(t))
  const page = await open()
  t.equal((await page.goto(`${origin}/nope`))?.status(), 404)
  t.equal(await page.innerText('h1'), '404 Not Found')
  t.match(await page.innerText('.lead'), `${origin}/nope`)
  await page.getByRole('link', { name: 'Home' }).click()
  t.equal(page.url(), `${origin}/`)
})

testInBrowser('the button Copy copies the command', async (t, open) => {
  const origin = await listen(await build(t))
  const page = await open({ permissions: ['clipboard-read', 'clipboard-write'] })
  await page.goto(`${origin}/notes/123`)
  const button = page.locator('#request ~ .command button')
  await button.click()
  await page.getByRole('button', { name: 'Copied' }).waitFor()
  t.equal(await page.locator('.announcer').innerText(), 'Copied', 'it is announced')
  const copied = String(await page.evaluate('navigator.clipboard.readText()'))
  t.match(copied, `${origin}/notes/123`)
  t.equal(copied, await page.innerText('.command code'))
  await page.getByRole('button', { name: 'Copied' }).waitFor({ state: 'detached' })
  t.equal(await button.innerText(), 'Copy')
})

testInBrowser(
  'the browser authenticates, and the page does not show the credentials',
  async (t, open) => {
    const origin = await listen(await build(t, ACCOUNT))
    const page = await open({ httpCredentials: { username: 'admin', password: 'secret' } })
    t.equal((await page.goto(`${origin}/vault`))?.status(), 200)
    t.match(await page.innerText('.body'), 'Gold')
    t.notMatch(
      await page.content(),
      /YWRtaW46c2VjcmV0|admin/,
      'the page does not contain the credentials',
    )
  },
)

const failing: FastifyPluginAsync = async (app) => {
  app.get('/fails', async () => {
    throw new TypeError('<b>no</b> such thing')
  })
}

testInBrowser('with DEBUG, a browser renders the debug page and the trace', async (t, open) => {
  const origin = await listen(await buildWith(t, failing, { DEBUG: 'true' }))
  const page = await open()
  t.equal((await page.goto(`${origin}/fails`))?.status(), 500)
  t.match(await page.innerText('body'), '<b>no</b> such thing')
  t.match(await page.innerText('body'), 'const failing: FastifyPluginAsync')
  t.equal((await page.goto(`${origin}/nope`))?.status(), 404)
  t.match(await page.innerText('.trace'), 'status=404')
})

testInBrowser('the browser does not execute markup from clients', async (t, open) => {
  const app = await build(t)
  for (const text of HOSTILE) {
    const title = text.replace(/[\u2028\u2029]/g, ' ')
    await app.inject(write('POST', '/notes', {}, { title, body: text, author: 'a' }))
  }
  const origin = await listen(app)
  const page = await open()
  for (const path of ['/notes', ...HOSTILE.map((_text, index) => `/notes/${124 + index}`)]) {
    t.equal((await page.goto(origin + path))?.status(), 200, path)
  }
  for (const text of HOSTILE) {
    await page.goto(`${origin}/greeting?name=${encodeURIComponent(text)}`)
    await page.goto(`${origin}/${encodeURIComponent(text)}`)
  }
  t.equal(await page.locator('img').count(), 1, 'the only image is the icon')
})
