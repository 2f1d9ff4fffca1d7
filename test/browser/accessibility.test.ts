import { build } from '../app.ts'
import '../fixtures/register.ts'
import { violationsOf } from './axe.ts'
import { listen, testInBrowser } from './browser.ts'

const PAGES = ['/', '/notes', '/notes/123', '/files', '/greeting', '/mirror', '/nope']

const SCREENS = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } }

testInBrowser('the pages have no accessibility violations', async (t, open) => {
  const origin = await listen(await build(t, { DEBUG: 'true' }))
  const page = await open()
  for (const path of PAGES) {
    await page.goto(origin + path)
    await page.evaluate('for (const each of document.querySelectorAll("details")) each.open = true')
    for (const [screen, viewport] of Object.entries(SCREENS)) {
      await page.setViewportSize(viewport)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        t.same(await violationsOf(page), [], `${path} has no violations: ${screen}, ${colorScheme}`)
      }
      const width = await page.evaluate('document.documentElement.scrollWidth')
      t.equal(width, viewport.width, `${path} does not scroll horizontally: ${screen}`)
    }
  }
})
