import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import type { Locator } from 'playwright-core'
import { ACCOUNT, build } from '../app.ts'
import '../fixtures/register.ts'
import { listen, testInBrowser } from './browser.ts'
import { commandIn } from './forms.ts'

const run = promisify(execFile)

/** Runs the command of a form, and returns the response. */
async function runCommand(form: Locator, cwd = process.cwd()): Promise<string> {
  const { stdout } = await run('bash', ['-c', `${await commandIn(form)} --silent`], { cwd })
  return stdout
}

const DESKTOP = { viewport: { width: 1280, height: 800 } }

testInBrowser('the command follows the form, and gets the same response', async (t, open) => {
  const origin = await listen(await build(t))
  const page = await open(DESKTOP)
  await page.goto(`${origin}/docs/patchFixtureNote`)
  const form = page.locator('.trial')
  t.match(await runCommand(form), /^HTTP\/1\.1 428/, 'the page knows no ETag to send')
  await form.getByLabel('If-Match').fill('*')
  t.match(await runCommand(form), /^HTTP\/1\.1 200/, 'the command works as it is shown')
  await form.getByLabel('noteId').fill('4')
  t.match(await commandIn(form), `${origin}/notes/4`)
  t.match(await runCommand(form), /^HTTP\/1\.1 404/)
  await form.getByLabel('noteId').fill('123')
  const title = `It's "$HOME" & <b>`
  await form.locator('textarea').fill(JSON.stringify({ title }))
  await form.getByLabel('If-Match').fill('"other", "tag"')
  t.match(await commandIn(form), `-H 'If-Match: "other", "tag"'`)
  t.match(await runCommand(form), /^HTTP\/1\.1 412/)
  await form.getByLabel('If-Match').fill('*')
  t.match(await runCommand(form), JSON.stringify(title).slice(1, -1), 'quotes reach the service')
  await form.getByLabel('Name', { exact: true }).fill('other')
  await form.getByLabel('Password or token').fill('hidden')
  t.match(await commandIn(form), '-u other ')
  await form.getByLabel('Scheme').selectOption('Bearer')
  t.match(await commandIn(form), `-H 'Authorization: Bearer TOKEN'`)
  t.notMatch(await commandIn(form), 'hidden', 'the command shows no typed secret')
  await form.getByLabel('Password or token').fill('secret-token')
  t.match(await commandIn(form), `-H 'Authorization: Bearer secret-token'`)
  await page.goto(`${origin}/docs/createFixtureFile`)
  await form.getByLabel('Content-Type').selectOption('multipart/form-data')
  const directory = t.testdir()
  writeFileSync(`${directory}/FILE`, 'content')
  t.match(await runCommand(form, directory), /HTTP\/1\.1 201/)
})

testInBrowser('a path parameter without a value is named as missing', async (t, open) => {
  const origin = await listen(await build(t))
  const page = await open(DESKTOP)
  await page.goto(`${origin}/docs/replaceFixtureNote`)
  const form = page.locator('.trial')
  t.notMatch(await form.innerText(), 'missing')
  await form.getByLabel('noteId').fill('')
  t.match(await commandIn(form), `${origin}/notes/NOTE_ID`)
  t.notMatch(await commandIn(form), '--globoff')
  t.match(await form.innerText(), 'noteId is missing: replace NOTE_ID.')
  await form.getByRole('button', { name: 'Read ETag' }).click()
  t.equal(await page.evaluate('document.activeElement.name'), 'noteId', 'it must be filled in')
})

testInBrowser('without the trial account, the command has placeholders', async (t, open) => {
  const origin = await listen(await build(t, ACCOUNT))
  const page = await open(DESKTOP)
  await page.goto(`${origin}/docs/readVault`)
  const form = page.locator('.trial')
  t.match(await commandIn(form), '-u NAME ')
  t.equal(await page.locator('.account').count(), 0)
  await form.getByLabel('Scheme').selectOption('Bearer')
  t.match(await commandIn(form), `-H 'Authorization: Bearer TOKEN'`)
})
