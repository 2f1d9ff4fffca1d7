import type { FastifyPluginAsync } from 'fastify'
import type { Locator } from 'playwright-core'
import { build, buildWith } from '../app.ts'
import '../fixtures/register.ts'
import { listen, testInBrowser } from './browser.ts'
import { authenticate, commandIn, openFields, send } from './forms.ts'

const DESKTOP = { viewport: { width: 1280, height: 800 } }
const ANY = { schema: {} }

const LONG_MESSAGE = 'x'.repeat(300)

/** Bodies whose formatting must change no value, by operation. */
const BODIES: Record<string, [type: string, body: string | Buffer, shown: string]> = {
  numbers: [
    'application/json',
    '{"a":1.0,"b":[1e2,-0],"c":{}}',
    '1.0,\n  "b": [\n    1e2,\n    -0\n',
  ],
  mixed: ['application/xml', '<p>Hello <b>x</b> y</p>', '<p>Hello <b>x</b> y</p>'],
  cdata: [
    'application/xml',
    '<r><![CDATA[a> <b]]><c q=">"/></r>',
    '<r><![CDATA[a> <b]]><c q=">"/>\n</r>',
  ],
  deep: ['application/xml', '<a>'.repeat(20_000), '<a>\n  <a>'],
  latin: ['text/plain; charset=iso-8859-1', Buffer.from('caf\xe9', 'latin1'), 'café'],
}

const routes: FastifyPluginAsync = async (app) => {
  for (const [name, [type, body]] of Object.entries(BODIES)) {
    const schema = { operationId: name, response: { 200: { content: { '*/*': ANY } } } }
    app.get(`/${name}`, { schema }, (_request, reply) => reply.type(type).send(body))
  }
  const schema = { operationId: 'refuse', body: { content: { 'application/json': ANY } } }
  app.post('/refusals', { schema }, async () => {
    throw app.httpErrors.conflict(LONG_MESSAGE)
  })
}

testInBrowser('a body is indented without a change of its values', async (t, open) => {
  const origin = await listen(await buildWith(t, routes))
  const page = await open(DESKTOP)
  for (const [name, [, , shown]] of Object.entries(BODIES)) {
    await page.goto(`${origin}/docs/${name}`)
    await send(page.locator('.trial'))
    const text = await page.locator('.outcome .body').innerText()
    t.ok(text.includes(shown), `${name}: ${text.slice(0, 100)}`)
    t.ok(text.length <= 65_536, name)
  }
})

testInBrowser('the command and the form send the same body', async (t, open) => {
  const origin = await listen(await build(t))
  const page = await open(DESKTOP)
  await page.goto(`${origin}/docs/createFixtureFile`)
  const form = page.locator('.trial')
  const fill = async (mediaType: string, text: string) => {
    await form.getByLabel('Content-Type').selectOption(mediaType)
    await form.locator('textarea').fill(text)
    return commandIn(form)
  }
  t.match(await fill('text/plain', ' {"b": 1.50}'), `--data-raw ' {"b": 1.50}'`)
  t.match(
    await fill('application/json', '{\n"n": 12345678901234567890, "e": 1e999, "s": " "}'),
    `--data-raw '{"n":12345678901234567890,"e":1e999,"s":" "}'`,
  )
  await form.getByLabel('Content-Type').selectOption('text/plain')
  t.equal(await form.locator('textarea').inputValue(), ' {"b": 1.50}', 'the typed text is back')
})

testInBrowser('a refused body or header field has the message beside it', async (t, open) => {
  const origin = await listen(await buildWith(t, routes))
  const page = await open({ viewport: { width: 320, height: 640 } })
  await page.goto(`${origin}/docs/createFixtureNote`)
  const form = page.locator('.trial')
  await authenticate(form)
  await form.locator('textarea').fill('{')
  t.match(await send(form), '400 Bad Request')
  t.match(await form.locator('.panel .error').innerText(), 'JSON')
  await openFields(form)
  await form.getByLabel('Accept').selectOption('application/xml')
  await send(form)
  t.match(await form.locator('.panel .error').innerText(), 'JSON', 'also as XML')
  await form.locator('textarea').fill('{"title": "t", "body": "b", "author": "a"}')
  await form.getByLabel('Idempotency-Key').fill('ä')
  t.match(await send(form), '400 Bad Request')
  const field = form.locator('.field', { has: page.getByLabel('Idempotency-Key') })
  t.match(await field.locator('.error').innerText(), 'Idempotency-Key')

  await page.goto(`${origin}/docs/readFixtureNote`)
  await form.getByLabel('noteId').fill('999999999999999')
  t.match(await send(form), '404 Not Found')
  t.match(await form.locator('.field .error').innerText(), '/notes/999999999999999')
  await page.goto(`${origin}/docs/refuse`)
  t.match(await send(form), LONG_MESSAGE)
  t.equal(await page.evaluate('document.documentElement.scrollWidth'), 320)
})

testInBrowser('a path segment of dots, which no browser sends, is refused', async (t, open) => {
  const origin = await listen(await build(t))
  const page = await open(DESKTOP)
  await page.goto(`${origin}/docs/readFixtureNote`)
  const form = page.locator('.trial')
  await form.getByLabel('noteId').fill('..')
  t.match(await send(form), 'Browsers do not send the path segment ..')
  t.equal(await form.getByLabel('noteId').getAttribute('aria-invalid'), 'true')
})

testInBrowser('a header field that no browser sends is marked', async (t, open) => {
  const origin = await listen(await build(t))
  const page = await open(DESKTOP)
  await page.goto(`${origin}/docs/createFixtureNote`)
  const form = page.locator('.trial')
  const check = async (label: string, input: Locator) => {
    t.match(await send(form), /^Not sent\s+Browsers do not send € in a header field$/, label)
    t.equal(await input.getAttribute('aria-invalid'), 'true', label)
    t.equal(await form.locator('.field .error').count(), 1, 'the message is beside the field')
    await form.locator('.outcome').getByRole('link').click()
    t.equal(await input.evaluate((each) => each === each.ownerDocument.activeElement), true)
  }
  await openFields(form)
  const key = form.getByLabel('Idempotency-Key')
  await key.fill('ä€')
  await check('Idempotency-Key', key)
  await key.fill('')
  const secret = form.getByLabel('Password or token')
  await secret.fill('€')
  t.match(await send(form), /^401/, 'the name and password of Basic can have any characters')
  await form.getByLabel('Scheme').selectOption('Bearer')
  await check('Bearer', secret)
})

testInBrowser('without storage for the tab, everything else works', async (t, open) => {
  const origin = await listen(await build(t))
  const page = await open(DESKTOP)
  await page.addInitScript(
    'Object.defineProperty(window, "sessionStorage", { get() { throw new Error("denied") } })',
  )
  await page.goto(`${origin}/docs/readVault`)
  const form = page.locator('.trial')
  await form.getByLabel('Keep in this tab').check()
  await authenticate(form)
  t.match(await send(form), 'Gold')
  t.equal(await form.getByRole('button', { name: 'Forget' }).isVisible(), false)
})

testInBrowser('kept credentials that are no JSON are ignored', async (t, open) => {
  const origin = await listen(await build(t))
  const page = await open(DESKTOP)
  await page.addInitScript('sessionStorage.setItem("credentials", "not json")')
  await page.goto(`${origin}/docs/readVault`)
  const form = page.locator('.trial')
  await authenticate(form)
  t.match(await send(form), 'Gold')
})
