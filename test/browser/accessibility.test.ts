import type { Page } from 'playwright-core'
import type { Test } from 'tap'
import { build } from '../app.ts'
import '../fixtures/register.ts'
import { violationsOf } from './axe.ts'
import { listen, testInBrowser } from './browser.ts'
import { authenticate, openForm, send } from './forms.ts'

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

const SCREENS = {
  desktop: { width: 1280, height: 800 },
  phone: { width: 390, height: 844 },
  'small phone': { width: 320, height: 640 },
}

async function check(t: Test, page: Page, name: string) {
  for (const [screen, viewport] of Object.entries(SCREENS)) {
    await page.setViewportSize(viewport)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      t.same(await violationsOf(page), [], `${name} has no violations: ${screen}, ${colorScheme}`)
    }
    const width = await page.evaluate('document.documentElement.scrollWidth')
    t.equal(width, viewport.width, `${name} does not scroll horizontally: ${screen}`)
  }
}

testInBrowser('the pages have no accessibility violations', async (t, open) => {
  const origin = await listen(await build(t, { DEBUG: 'true' }))
  const page = await open()
  for (const path of PAGES) {
    await page.goto(origin + path)
    await page.evaluate('for (const each of document.querySelectorAll("details")) each.open = true')
    await check(t, page, path)
  }
})

testInBrowser('pages with a response have no accessibility violations', async (t, open) => {
  const origin = await listen(await build(t))
  const page = await open()
  await page.goto(`${origin}/docs/listFixtureNotes`)
  await send(page.locator('.trial'))
  await check(t, page, 'a reference page with a success')
  await page.goto(`${origin}/docs/replaceFixtureNote`)
  const form = page.locator('.trial')
  await authenticate(form)
  await form.getByLabel('noteId').fill('none')
  await send(form)
  await check(t, page, 'a reference page with an error')
  await page.goto(`${origin}/notes/123`)
  const remove = await openForm(page, 'DELETE')
  await authenticate(remove)
  await send(remove)
  await check(t, page, 'the page of a deleted resource')
})
