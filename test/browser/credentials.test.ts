import type { FastifyPluginAsync } from 'fastify'
import { problemResponses } from '../../src/schemas/responses.ts'
import { ACCOUNT, build, buildWith } from '../app.ts'
import '../fixtures/register.ts'
import { listen, testInBrowser } from './browser.ts'
import { authenticate, commandIn, send } from './forms.ts'

const DESKTOP = { viewport: { width: 1280, height: 800 } }

testInBrowser('credentials stay in the tab only if the user asks for it', async (t, open) => {
  const origin = await listen(await build(t, ACCOUNT))
  const page = await open(DESKTOP)
  await page.goto(`${origin}/docs/readVault`)
  const form = page.locator('.trial')
  const stored = () =>
    page.evaluate('[document.cookie, localStorage.length, sessionStorage.length].join()')
  await authenticate(form)
  t.match(await send(form), 'Gold')
  t.equal(await stored(), ',0,0', 'nothing is stored')
  await form.getByLabel('Keep in this tab').check()
  t.equal(await stored(), ',0,1', 'only the storage of the tab has them')
  await page.goto(`${origin}/notes/123`)
  await page.locator('summary', { hasText: 'DELETE' }).click()
  const remove = page.locator('form[data-method=DELETE]')
  t.equal(await remove.getByLabel('Name', { exact: true }).inputValue(), 'admin')
  t.match(await send(remove), '204 No Content')
  await remove.getByRole('button', { name: 'Forget' }).click()
  t.equal(await stored(), ',0,0')
  t.equal(await remove.getByLabel('Password or token').inputValue(), '')
  await page.goto(`${origin}/docs/readVault`)
  t.match(await send(form), '401 Unauthorized')
})

testInBrowser('each problem is shown beside the field that caused it', async (t, open) => {
  const origin = await listen(await build(t, ACCOUNT))
  const page = await open(DESKTOP)
  await page.goto(`${origin}/docs/replaceFixtureNote`)
  const form = page.locator('.trial')
  const errorOf = async (label: string) => {
    const input = form.getByLabel(label, { exact: true })
    t.equal(await input.getAttribute('aria-invalid'), 'true', label)
    const id = (await input.getAttribute('aria-describedby'))?.split(' ').at(-1)
    return page.locator(`[id="${id}"]`).innerText()
  }
  await send(form)
  t.equal(await errorOf('Password or token'), 'Authenticate.')
  await authenticate(form)
  await form.getByLabel('noteId').fill('none')
  await send(form)
  t.match(await errorOf('noteId'), '/noteId must be')
  await form
    .locator('.outcome')
    .getByRole('link', { name: /^\/noteId must be/ })
    .press('Enter')
  t.equal(await page.evaluate('document.activeElement.name'), 'noteId', 'the outcome leads to it')
  t.equal(await form.locator('.error').count(), 1, 'errors of the last response are gone')
  await form.getByLabel('noteId').fill('123')
  await form.locator('textarea').fill('{"title": "", "body": "b"}')
  await send(form)
  t.match(
    await form.locator('.panel .error').innerText(),
    /\/author is required[\s\S]*\/title must/,
  )
  await form.locator('textarea').fill('{"title": "t", "body": "b", "author": "a"}')
  await send(form)
  t.match(await errorOf('If-Match'), 'Precondition Required')
  await form.getByLabel('If-Match').fill('"other"')
  await send(form)
  t.match(await errorOf('If-Match'), 'Precondition Failed')
  await form.getByLabel('If-Match').fill('*')
  t.match(await send(form), '200 OK')
  t.equal(await form.locator('.error').count(), 0)
})

testInBrowser(
  'an operation that needs credentials has those of the public account',
  async (t, open) => {
    const origin = await listen(await build(t))
    const page = await open(DESKTOP)
    await page.goto(`${origin}/docs/readVault`)
    const form = page.locator('.trial')
    const secret = form.getByLabel('Password or token')
    t.match(await commandIn(form), '-u admin:secret ')
    t.match(await send(form), 'Gold', 'the form sends the same')
    await form.getByLabel('Scheme').selectOption('Bearer')
    t.match(await commandIn(form), `-H 'Authorization: Bearer secret-token'`)
    t.match(await send(form), 'Gold')
    await secret.fill('')
    t.notMatch(await commandIn(form), 'Authorization')
    t.match(await send(form), '401 Unauthorized')
    await secret.fill('other')
    await form.getByLabel('Keep in this tab').check()
    await form.getByRole('button', { name: 'Forget' }).click()
    t.match(await commandIn(form), '-u admin:secret ', 'the public account is back')
  },
)

/** A route that has credentials only with some configurations, and then declares 401 itself. */
const openRoute: FastifyPluginAsync = async (app) => {
  const schema = { operationId: 'readOpen', response: problemResponses(401) }
  app.get('/open', { schema }, async ({ headers }) => headers.authorization ?? 'anonymous')
}

testInBrowser(
  'an operation without credentials gets none until they are typed',
  async (t, open) => {
    const origin = await listen(await buildWith(t, openRoute))
    const page = await open(DESKTOP)
    await page.goto(`${origin}/docs/readOpen`)
    const form = page.locator('.trial')
    t.notMatch(await commandIn(form), '-u')
    t.match(await send(form), 'anonymous')
    t.equal(await form.locator('.account').count(), 0)
    await authenticate(form)
    t.match(await commandIn(form), '-u admin ')
    t.match(await send(form), /Basic /)
  },
)
