import type { Page } from 'playwright-core'
import { build } from '../app.ts'
import '../fixtures/register.ts'
import { listen, testInBrowser } from './browser.ts'

testInBrowser(
  'the console sends credentials only if an operation requires them, and shows the curl command',
  async (t, open) => {
    const origin = await listen(await build(t))
    const page = await open({ viewport: { width: 1280, height: 900 } })
    await page.goto(`${origin}/docs`)

    await page.getByRole('button', { name: 'Authorize' }).first().click()
    const dialog = page.locator('.modal-ux')
    await dialog.getByLabel('Username').fill('admin')
    await dialog.getByLabel('Password').fill('secret')
    await dialog.getByLabel('Apply credentials').first().click()
    await dialog.getByRole('button', { name: 'Close' }).last().click()

    const secured = await execute(page, '#operations-vault-readVault')
    t.match(secured.reply, 'Gold')
    t.match(secured.curl, `curl -X 'GET'`)
    t.match(secured.curl, `${origin}/vault`)
    t.match(secured.curl, 'Authorization: Basic YWRtaW46c2VjcmV0')

    const { curl } = await execute(page, '#operations-notes-readFixtureNote')
    t.notMatch(curl, /If-|Range|Request-Id/, 'the command has no optional header fields')
    t.notMatch(curl, 'Authorization', 'the command has no credentials')
  },
)

/** Executes an operation, and waits until the page shows a 200. Returns the shown response and the curl command. */
async function execute(page: Page, id: string) {
  const operation = page.locator(id)
  await operation.locator('.opblock-summary-control').click()
  await operation.getByRole('button', { name: 'Execute' }).click()
  const reply = operation.locator('.live-responses-table')
  await reply.locator('tbody .response-col_status', { hasText: '200' }).first().waitFor()
  return {
    reply: await reply.innerText(),
    curl: await operation.locator('.curl-command').innerText(),
  }
}
