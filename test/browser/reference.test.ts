import type { Page } from 'playwright-core'
import { build } from '../app.ts'
import '../fixtures/register.ts'
import { listen, testInBrowser } from './browser.ts'

const DESKTOP = { width: 1280, height: 800 }
const PHONE = { width: 390, height: 844 }

/** Returns the names of the header's links that are current, with the value of aria-current. */
function currentLinks(page: Page): Promise<string[]> {
  return page
    .locator('header [aria-current]')
    .evaluateAll((links) => links.map((link) => `${link.textContent} ${link.ariaCurrent}`))
}

testInBrowser('the header leads to resources, reference and start page', async (t, open) => {
  const origin = await listen(await build(t))
  const page = await open()
  await page.goto(`${origin}/docs`)
  t.same(await currentLinks(page), ['Reference page'])
  await page.getByRole('link', { name: 'Change a note' }).click()
  t.equal(page.url(), `${origin}/docs/patchFixtureNote`)
  t.same(await currentLinks(page), ['Reference true'])
  const crumbs = page.getByRole('navigation', { name: 'Breadcrumb' })
  t.equal(await crumbs.getByRole('link').first().innerText(), 'Home')
  await crumbs.getByText('/notes').click()
  t.equal(page.url(), `${origin}/notes`)
  t.same(await currentLinks(page), ['Resources true'])
  await page.getByRole('navigation', { name: 'Service' }).getByText('Resources').click()
  t.equal(page.url(), `${origin}/#resources`)
  t.same(await currentLinks(page), ['Resources page'])
  await page.getByRole('navigation', { name: 'Service' }).getByText('Reference').click()
  await page.getByRole('link', { name: 'restful-web-api' }).click()
  t.equal(page.url(), `${origin}/`)
  await page.goto(`${origin}/nope`)
  t.same(await currentLinks(page), [])
})

testInBrowser('forms and methods lead to the reference, and it leads back', async (t, open) => {
  const origin = await listen(await build(t))
  const page = await open()
  await page.goto(`${origin}/notes/123`)
  const forms = page.locator('details.operation')
  for (const [index, id] of [
    'patchFixtureNote',
    'replaceFixtureNote',
    'deleteFixtureNote',
  ].entries()) {
    const link = forms.nth(index).getByRole('link', { name: /^Reference of/, includeHidden: true })
    t.equal(await link.getAttribute('href'), `/docs/${id}`)
  }
  await page.locator('.methods').getByRole('link', { name: 'GET' }).click()
  t.equal(page.url(), `${origin}/docs/readFixtureNote`)
  await page.locator('.about').getByRole('link', { name: '/notes' }).click()
  t.equal(page.url(), `${origin}/notes`)
})

testInBrowser('the start page links methods, examples and references', async (t, open) => {
  const origin = await listen(await build(t))
  const page = await open()
  await page.goto(origin)
  t.equal(await page.locator('h1').count(), 1)
  t.match(await page.innerText('.account'), 'name admin, password secret, or token secret-token')
  const follow = async (name: string) => {
    await page.goto(origin)
    await page.locator('main').getByRole('link', { name, exact: true }).click()
    return page.url().replace(origin, '')
  }
  t.equal(await follow('/notes/{noteId}'), '/docs/readFixtureNote')
  t.equal(await follow('PATCH /notes/{noteId}'), '/docs/patchFixtureNote')
  t.equal(await follow('Reference'), '/docs')
})

testInBrowser(
  'without JavaScript, the reference can be read, and GET can be sent',
  async (t, open) => {
    const origin = await listen(await build(t))
    const page = await open({ javaScriptEnabled: false, viewport: PHONE })
    await page.goto(`${origin}/docs/listFixtureNotes`)
    t.equal(await page.locator('form[data-method]').isVisible(), false)
    const form = page.locator('.native form', { has: page.getByLabel('limit', { exact: true }) })
    await form.getByLabel('limit', { exact: true }).fill('1')
    await form.getByRole('button', { name: 'Set limit' }).click()
    t.equal(page.url(), `${origin}/notes?limit=1`)
    await page.goto(`${origin}/docs/replaceFixtureNote`)
    await page.getByText('Failures: 400').click()
    t.match(await page.innerText('.failures'), 'If-Match is required')
    await page.locator('.index summary').click()
    await page.getByRole('link', { name: 'Create a note' }).click()
    t.equal(page.url(), `${origin}/docs/createFixtureNote`)
  },
)

testInBrowser(
  'a wide page has two columns, and a phone a closed list of operations',
  async (t, open) => {
    const origin = await listen(await build(t))
    const page = await open({ viewport: DESKTOP })
    await page.goto(`${origin}/docs/listFixtureNotes`)
    const left = async (selector: string) => (await page.locator(selector).boundingBox())?.x ?? 0
    t.ok((await left('.trial')) > (await left('.description')) + 300, 'try it is beside the facts')
    const link = page.locator('.index').getByRole('link', { name: 'Create a note' })
    t.equal(await link.isVisible(), true)
    t.equal(await page.locator('.index summary').isVisible(), false)
    await page.setViewportSize(PHONE)
    t.equal(await left('.trial'), await left('.description'), 'there is one column')
    t.equal(await link.isVisible(), false)
    await page.locator('.index summary').click()
    await link.click()
    t.equal(page.url(), `${origin}/docs/createFixtureNote`)
  },
)
