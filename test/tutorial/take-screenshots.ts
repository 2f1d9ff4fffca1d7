/** Script of `npm run screenshots`. It writes the screenshots in docs/images. The default port must be free. */
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { buildApp } from '../../src/app.ts'
import { parseConfig } from '../../src/config.ts'
import { launch } from '../browser/chromium.ts'

const DESKTOP = { width: 1100, height: 720 }
const WIDE = { width: 1280, height: 480 }
const PHONE = { width: 390, height: 720 }

interface Screenshot {
  name: string
  path: string
  viewport: { width: number; height: number }
  colorScheme: 'light' | 'dark'
  prepare?: (page: Page) => Promise<unknown>
}

/** Pages that the README shows in the color scheme of its reader. */
const PAGES = [
  { name: 'start', path: '/', viewport: DESKTOP },
  { name: 'article', path: '/articles/123', viewport: DESKTOP },
  { name: 'reference', path: '/docs/readArticle', viewport: WIDE, prepare: sendForm },
]

const SCREENSHOTS: Screenshot[] = [
  ...(['light', 'dark'] as const).flatMap((colorScheme) =>
    PAGES.map((page) => ({ ...page, name: `${page.name}-${colorScheme}`, colorScheme })),
  ),
  { name: 'phone', path: '/articles/123', viewport: PHONE, colorScheme: 'dark' },
  {
    name: 'form',
    path: '/articles/123',
    viewport: DESKTOP,
    colorScheme: 'dark',
    prepare: openForm,
  },
]

/** Opens the form that replaces the article, and scrolls to this form. */
async function openForm(page: Page) {
  const form = page.locator('details.operation', { hasText: 'PUT' }).first()
  await form.locator('summary').first().click()
  await form.evaluate('document.querySelector("details[open]").scrollIntoView()')
}

/** Sends the form of a reference page, and shows the top of the page again. */
async function sendForm(page: Page) {
  await page.getByRole('button', { name: 'Send GET' }).click()
  await page.locator('.outcome').waitFor()
  await page.evaluate('scrollTo(0, 0)')
}

const app = await buildApp(parseConfig({ DATABASE_URL: 'sqlite::memory:', LOG_LEVEL: 'error' }))
const origin = await app.listen({ port: app.config.server.port })
const browser = await launch()
for (const { name, path, viewport, colorScheme, prepare } of SCREENSHOTS) {
  const page = await browser.newPage({ viewport, colorScheme })
  await page.goto(origin + path)
  await prepare?.(page)
  await page.screenshot({ path: join(import.meta.dirname, `../../docs/images/${name}.png`) })
}
await browser.close()
await app.close()
