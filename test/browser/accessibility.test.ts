import type { FastifyPluginAsync } from 'fastify'
import { build, buildWith } from '../app.ts'
import '../fixtures/register.ts'
import { checkAccessibility } from './axe.ts'
import { PNG } from './bodies.ts'
import { listen, testInBrowser } from './browser.ts'
import { authenticate, openFields, openForm, send } from './forms.ts'

/** Pages of each kind: start, list, resource, error, without schema, and reference. */
const PAGES = [
  '/',
  '/notes',
  '/notes/123',
  '/files',
  '/greeting',
  '/mirror',
  '/nope',
  '/docs',
  '/docs/listFixtureNotes',
  '/docs/createFixtureFile',
]

testInBrowser('the pages have no accessibility violations', async (t, open) => {
  const origin = await listen(await build(t, { DEBUG: 'true' }))
  const page = await open()
  for (const path of PAGES) {
    await page.goto(origin + path)
    await page.evaluate('for (const each of document.querySelectorAll("details")) each.open = true')
    await checkAccessibility(t, page, path)
  }
})

testInBrowser('pages with a response have no accessibility violations', async (t, open) => {
  const origin = await listen(await build(t))
  const page = await open()
  await page.goto(`${origin}/docs/listFixtureNotes`)
  await send(page.locator('.trial'))
  await checkAccessibility(t, page, 'a reference page with a success')
  await page.goto(`${origin}/docs/replaceFixtureNote`)
  const form = page.locator('.trial')
  await authenticate(form)
  await form.getByLabel('noteId').fill('none')
  await send(form)
  await checkAccessibility(t, page, 'a reference page with an error')
  await page.goto(`${origin}/notes/123`)
  const remove = await openForm(page, 'DELETE')
  await authenticate(remove)
  await send(remove)
  await checkAccessibility(t, page, 'the page of a deleted resource')
})

const ANY = { schema: {} }

/** Routes whose responses are shown in other ways than JSON of a few lines. */
const routes: FastifyPluginAsync = async (app) => {
  const bodies: Record<string, [type: string, body: string | Buffer]> = {
    picture: ['image/png', PNG],
    long: ['text/plain', 'x'.repeat(70_000)],
  }
  for (const [name, [type, body]] of Object.entries(bodies)) {
    const schema = { operationId: name, response: { 200: { content: { '*/*': ANY } } } }
    app.get(`/${name}`, { schema }, (_request, reply) => reply.type(type).send(body))
  }
}

testInBrowser('images, cut bodies and files have no accessibility violations', async (t, open) => {
  const origin = await listen(await buildWith(t, routes))
  const page = await open()
  const form = page.locator('.trial')
  for (const name of ['picture', 'long']) {
    await page.goto(`${origin}/docs/${name}`)
    await send(form)
    await checkAccessibility(t, page, name)
  }
  await page.goto(`${origin}/docs/createFixtureFile`)
  for (const mediaType of ['multipart/form-data', 'application/octet-stream']) {
    await form.getByLabel('Content-Type').selectOption(mediaType)
    const file = { name: 'a.png', mimeType: 'image/png', buffer: PNG }
    await form.locator('input[type=file]:visible').setInputFiles(file)
    await send(form)
    await checkAccessibility(t, page, mediaType)
  }
})

testInBrowser('marked fields have no accessibility violations', async (t, open) => {
  const origin = await listen(await build(t))
  const page = await open()
  const form = page.locator('.trial')
  await page.goto(`${origin}/docs/patchFixtureNote`)
  await send(form)
  await form.getByLabel('noteId').fill('')
  await checkAccessibility(t, page, 'a form without If-Match and without a path parameter')
  await page.goto(`${origin}/docs/createFixtureNote`)
  await openFields(form)
  await form.getByLabel('Idempotency-Key').fill('\u20ac')
  await send(form)
  await checkAccessibility(t, page, 'a form that was not sent')
  await page.goto(`${origin}/notes/123`)
  for (const method of ['PATCH', 'DELETE']) {
    const write = await openForm(page, method)
    await write.getByLabel('If-Match').fill('"other"')
    await send(write)
  }
  await checkAccessibility(t, page, 'a page with the outcomes of two forms')
})
