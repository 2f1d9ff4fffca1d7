/** Script of `npm run screenshots`. It writes the screenshots in docs/images. The default port must be free. */
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { buildApp } from '../../src/app.ts'
import { parseConfig } from '../../src/config.ts'
import { launch } from '../browser/chromium.ts'

const DESKTOP = { width: 1100, height: 720 }
const PHONE = { width: 390, height: 720 }

const SCREENSHOTS = [
  { name: 'landing', path: '/', viewport: DESKTOP, colorScheme: 'light' },
  { name: 'article', path: '/articles/123', viewport: DESKTOP, colorScheme: 'light' },
  { name: 'phone', path: '/articles/123', viewport: PHONE, colorScheme: 'dark' },
  {
    name: 'form',
    path: '/articles/123',
    viewport: DESKTOP,
    colorScheme: 'dark',
    prepare: openForm,
  },
] as const

/** Opens the first form, and scrolls to this form. */
async function openForm(page: Page) {
  await page.locator('summary').first().click()
  await page.evaluate('document.querySelector("details").scrollIntoView()')
}

const app = await buildApp(parseConfig({ DATABASE_URL: 'sqlite::memory:', LOG_LEVEL: 'error' }))
const origin = await app.listen({ port: app.config.server.port })
const browser = await launch()
for (const { name, path, viewport, colorScheme, ...screenshot } of SCREENSHOTS) {
  const page = await browser.newPage({ viewport, colorScheme })
  await page.goto(origin + path)
  if ('prepare' in screenshot) await screenshot.prepare(page)
  await page.screenshot({ path: join(import.meta.dirname, `../../docs/images/${name}.png`) })
}
await browser.close()
await app.close()
