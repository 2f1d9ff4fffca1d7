import type { FastifyPluginAsync } from 'fastify'
import type { Page, Request } from 'playwright-core'
import { Type } from 'typebox'
import { buildWith } from '../app.ts'
import '../fixtures/register.ts'
import { PNG } from './bodies.ts'
import { listen, testInBrowser } from './browser.ts'
import { commandIn, openFields, send } from './forms.ts'

const Filters = Type.Object({
  q: Type.Optional(Type.String()),
  state: Type.Optional(Type.Array(Type.Enum(['open', 'done', 'new']))),
})

const ANY = { schema: {} }

/** Routes that return what they get, and bodies of several kinds. */
const routes: FastifyPluginAsync = async (app) => {
  const schema = {
    operationId: 'readTarget',
    querystring: Filters,
    response: { 200: { content: { 'application/json': ANY, 'application/xml': ANY } } },
  }
  app.get('/targets/:name', { schema }, async ({ url, headers }, reply) =>
    headers.accept === 'application/xml'
      ? reply.type('application/xml').send('<a><b>text</b><c><d/></c></a>')
      : { url, id: headers['x-request-id'] ?? 'generated' },
  )
  const upload = { operationId: 'upload', body: { content: { 'image/png': ANY } } }
  app.post('/uploads', { schema: upload }, async ({ body }) => ({
    base64: Buffer.from(body as Buffer).toString('base64'), // the body of this media type is not parsed
  }))
  const bodies: Record<string, [type: string, body: string | Buffer]> = {
    picture: ['image/png', PNG],
    binary: ['application/zip', Buffer.from([1, 2, 3])],
    long: ['text/plain', 'x'.repeat(70_000)],
    accents: ['text/plain; charset=utf-8', 'é'.repeat(32_769)],
    broken: ['application/json', '{'],
  }
  for (const [name, [type, body]] of Object.entries(bodies)) {
    const schema = { operationId: name, response: { 200: { content: { '*/*': ANY } } } }
    app.get(`/${name}`, { schema }, (_request, reply) => reply.type(type).send(body))
  }
}

const DESKTOP = { viewport: { width: 1280, height: 800 } }

testInBrowser(
  'path and query are sent in the URL, and header fields only if filled in',
  async (t, open) => {
    const origin = await listen(await buildWith(t, routes))
    const page = await open(DESKTOP)
    await page.goto(`${origin}/docs/readTarget`)
    const form = page.locator('.trial')
    const sent = async () => {
      const [request] = await Promise.all([page.waitForRequest('**/targets/*'), send(form)])
      return request
    }
    await form.getByLabel('name', { exact: true }).fill('a b/c')
    const first = await sent()
    t.equal(first.url(), `${origin}/targets/a%20b%2Fc`)
    const names = Object.keys(await first.allHeaders())
    t.same(
      names.filter((name) => /^(?:x-request-id|if-|idempotency|authorization)/.test(name)),
      [],
    )
    t.equal((await first.allHeaders()).accept, 'application/json')

    await form.getByLabel('q', { exact: true }).fill('x & y')
    await form.getByLabel('state').selectOption(['open', 'new'])
    await openFields(form)
    await form.getByLabel('X-Request-Id').fill('my-id')
    await form.getByLabel('Accept').selectOption('application/xml')
    const second = await sent()
    t.equal(second.url(), `${origin}/targets/a%20b%2Fc?q=x%20%26%20y&state=open&state=new`)
    t.match(await second.allHeaders(), { 'x-request-id': 'my-id', accept: 'application/xml' })
    t.equal(
      await form.locator('.outcome .body').innerText(),
      '<a>\n  <b>text</b>\n  <c>\n    <d/>\n  </c>\n</a>',
      'XML is indented',
    )
  },
)

testInBrowser(
  'an outcome is focused, visible and announced, with status, time and body',
  async (t, open) => {
    const origin = await listen(await buildWith(t, routes))
    const page = await open({ viewport: { width: 390, height: 500 } })
    await page.goto(`${origin}/docs/readFixtureNote`)
    const form = page.locator('.trial')
    await send(form)
    const outcome = form.locator('.outcome')
    t.equal(await page.evaluate('document.activeElement.className'), 'outcome')
    const result = form.getByRole('status')
    t.match(await result.innerText(), /^200 OK Success, \d+\u00a0ms$/)
    t.equal(await result.locator('.status.of-2xx').count(), 1, 'success has a color')
    const box = await result.boundingBox()
    t.ok(box && box.y >= 0 && box.y < 500, 'the status is visible')
    t.match(await outcome.locator('.fields').innerText(), /ETag\n"1-json"/)
    t.match(await outcome.locator('.body').innerText(), '{\n  "id": 123,\n', 'JSON is indented')

    await form.getByLabel('noteId').fill('4')
    await send(form)
    t.match(await result.innerText(), /^404 Not Found Client error, /)
    t.equal(await result.locator('.status.of-4xx').count(), 1, 'failure has another color')
  },
)

testInBrowser(
  'images are shown, binary data can be saved, and long text is cut',
  async (t, open) => {
    const origin = await listen(await buildWith(t, routes))
    const page = await open(DESKTOP)
    const form = page.locator('.trial')
    const outcomeOf = async (name: string) => {
      await page.goto(`${origin}/docs/${name}`)
      await send(form)
      return form.locator('.outcome')
    }
    const image = (await outcomeOf('picture')).locator('img')
    await image.waitFor()
    const width = 'document.images[1].decode().then(() => document.images[1].naturalWidth)'
    t.equal(await page.evaluate(width), 1)
    const download = page.waitForEvent('download')
    await (await outcomeOf('binary')).getByRole('link', { name: 'Save the body (3 bytes)' }).click()
    t.equal(await (await download).failure(), null)
    const long = await outcomeOf('long')
    const body = form.getByRole('region', { name: 'Body of the response to GET' })
    t.equal((await body.innerText()).length, 65_536)
    t.match(await long.innerText(), 'Only the first 64 KiB are shown')
    t.ok((await body.boundingBox().then((box) => box?.height ?? 0)) < 600, 'the body scrolls')
    await body.focus()
    const scrolled = page.evaluate(
      'new Promise((done) => { document.activeElement.onscroll = () => done("scrolled") })',
    )
    await page.keyboard.press('End')
    t.equal(await scrolled, 'scrolled', 'with the keyboard')
    const accents = await (await outcomeOf('accents')).locator('.body').innerText()
    t.equal(accents, 'é'.repeat(32_768), 'the limit is in bytes')
    t.equal(await (await outcomeOf('broken')).locator('.body').innerText(), '{')
  },
)

const JSON_PATCH = 'application/json-patch+json'

/** Sends a form, and returns its request. */
async function requestOf(page: Page, path: string): Promise<Request> {
  const [request] = await Promise.all([
    page.waitForRequest((each) => each.url().endsWith(path) && each.method() !== 'GET'),
    send(page.locator('.trial')),
  ])
  return request
}

testInBrowser('bodies are sent in each media type, also forms and files', async (t, open) => {
  const app = await buildWith(t, routes)
  const origin = await listen(app)
  const page = await open(DESKTOP)
  await page.goto(`${origin}/docs/createFixtureFile`)
  const form = page.locator('.trial')
  const choose = (mediaType: string) => form.getByLabel('Content-Type').selectOption(mediaType)
  const expected: [mediaType: string, body: RegExp][] = [
    ['text/plain', /^Some text$/],
    ['application/json', /^"Some text"$/],
    [JSON_PATCH, /"op": "replace"/],
    ['application/xml', /<example>/],
    ['application/x-www-form-urlencoded', /^title=A%20title$/],
  ]
  for (const [mediaType, body] of expected) {
    await choose(mediaType)
    const request = await requestOf(page, '/files')
    t.equal((await request.allHeaders())['content-type'], mediaType)
    t.match(request.postData(), body, mediaType)
  }
  await choose('multipart/form-data')
  const file = { name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('content') }
  await form.getByLabel('attachment').setInputFiles(file)
  await requestOf(page, '/files')
  const last = `/files/${expected.length + 1}`
  t.match((await app.inject(last)).body, /filename="a\.txt"[\s\S]*\r\ncontent\r\n/)
  t.match(await commandIn(form), '-F attachment=@FILE')
  t.notMatch(await commandIn(form), /boundary|Content-Type/)
  for (const mediaType of ['application/octet-stream', 'image/png']) {
    await choose(mediaType)
    await form.getByLabel('File', { exact: true }).setInputFiles({ ...file, buffer: PNG })
    t.match(await commandIn(form), `-H 'Content-Type: ${mediaType}'`)
    t.match(await commandIn(form), '--data-binary @FILE')
    const outcome = await send(form)
    const [, path = ''] = /Open (\/files\/\d+)/.exec(outcome) ?? []
    const { rawPayload, headers } = await app.inject(path)
    t.same(rawPayload, PNG, mediaType)
    t.equal(headers['content-type'], mediaType)
  }
  await page.goto(`${origin}/docs/upload`)
  await form.getByLabel('File').setInputFiles({ name: 'a', mimeType: 'image/png', buffer: PNG })
  t.match(await send(form), PNG.toString('base64'))
  t.match(await commandIn(form), '--data-binary @FILE')
})
