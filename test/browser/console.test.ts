import { build } from '../app.ts'
import '../fixtures/register.ts'
import { listen, testInBrowser } from './browser.ts'

testInBrowser(
  'the console sends a request with credentials and shows its curl command',
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

    const operation = page.locator('#operations-vault-readVault')
    await operation.locator('.opblock-summary-control').click()
    await operation.getByRole('button', { name: 'Execute' }).click()
    const reply = operation.locator('.live-responses-table')
    t.match(await reply.locator('tbody .response-col_status').first().innerText(), '200')
    t.match(await reply.innerText(), 'Gold')
    const curl = await operation.locator('.curl-command').innerText()
    t.match(curl, `curl -X 'GET'`)
    t.match(curl, `${origin}/vault`)
    t.match(curl, 'Authorization: Basic YWRtaW46c2VjcmV0')
  },
)

testInBrowser('the console sends no optional header fields by default', async (t, open) => {
  const page = await open({ viewport: { width: 1280, height: 900 } })
  await page.goto(`${await listen(await build(t))}/docs`)
  const operation = page.locator('#operations-notes-readNote')
  await operation.locator('.opblock-summary-control').click()
  await operation.getByRole('button', { name: 'Execute' }).click()
  const reply = operation.locator('.live-responses-table')
  t.match(await reply.locator('tbody .response-col_status').first().innerText(), '200')
  t.notMatch(await operation.locator('.curl-command').innerText(), /If-|Range|Request-Id/)
})
