/** Actions in the forms of pages. */
import type { Locator, Page } from 'playwright-core'

/** Opens the form of a method on the page of a resource. */
export async function openForm(page: Page, method: string): Promise<Locator> {
  const name = page.locator('summary .method', { hasText: new RegExp(`^${method}$`) })
  const form = page.locator('details.operation', { has: name })
  await form.locator('summary').first().click()
  return form
}

/** Opens the optional header fields of a form. */
export async function openFields(form: Locator) {
  await form.locator('.more > summary').click()
}

export async function authenticate(form: Locator) {
  await form.getByLabel('Name', { exact: true }).fill('admin')
  await form.getByLabel('Password or token').fill('secret')
}

/** Submits a form, and returns the text of the outcome. */
export async function send(form: Locator): Promise<string> {
  const name = /^Send [A-Z]+$/
  await form.getByRole('button', { name }).click()
  await form.getByRole('button', { name, disabled: false }).waitFor()
  return form.locator('.outcome').innerText()
}

/** Returns the command of a form as it is shown. */
export function commandIn(form: Locator): Promise<string> {
  return form.locator('.command code').innerText()
}
