import type { Locator } from 'playwright-core'
import { build } from '../app.ts'
import '../fixtures/register.ts'
import { createNoteStore } from '../fixtures/resources/notes/store.ts'
import { listen, testInBrowser } from './browser.ts'
import { authenticate, openFields, openForm, send } from './forms.ts'

testInBrowser('forms create, replace, patch and delete a note', async (t, open) => {
  const origin = await listen(await build(t))
  const page = await open()
  await page.goto(`${origin}/notes`)
  const create = await openForm(page, 'POST')
  await create.getByLabel('Password or token').fill('')
  t.match(await send(create), /^401 Unauthorized Client error, \d+\sms\n[\s\S]*"Authenticate\."/)
  await authenticate(create)
  const title = '<b>"A" title</b>'
  await create
    .getByLabel('Body', { exact: true })
    .last()
    .fill(JSON.stringify({ title, body: 'B', author: 'me' }))
  await openFields(create)
  await create.getByLabel('Idempotency-Key').fill('"a key"')
  for (const _ of ['once', 'again']) {
    const answered = page.waitForResponse((reply) => reply.request().method() === 'POST')
    await send(create)
    t.equal((await answered).headers().location, '/notes/124')
  }
  t.match(await page.innerText('#response ~ .body'), '<b>', 'the list contains the note')
  await create.getByRole('link', { name: 'Open /notes/124' }).click()
  t.equal(page.url(), `${origin}/notes/124`)
  t.match(await page.innerText('#response ~ .body'), JSON.stringify(title))

  const replace = await openForm(page, 'PUT')
  t.match(await replace.getByLabel('If-Match').inputValue(), /^"1\..+-json"$/)
  const text = replace.locator('textarea')
  const draft = await text.inputValue()
  t.same(
    JSON.parse(draft),
    { title, body: 'B', author: 'me' },
    'the form of PUT contains the current note',
  )
  await text.fill(draft.replace('"B"', '"edited"'))
  await authenticate(replace)
  t.match(await send(replace), /^200 OK Success, [\s\S]*"body": "edited"/)

  const patch = await openForm(page, 'PATCH')
  await patch.getByLabel('Content-Type').selectOption('application/json-patch+json')
  const operations = await patch.locator('textarea').inputValue()
  t.match(operations, '"op": "replace"')
  await patch.locator('textarea').fill(operations.replace(/"value": ".*"/, '"value": "patched"'))
  await patch.getByLabel('Scheme').selectOption('Bearer')
  await patch.getByLabel('Password or token').fill('secret-token')
  t.match(
    await send(patch),
    /^200 OK Success, [\s\S]*ETag\n"3\./,
    'the form of PATCH uses the ETag of the version that PUT created',
  )

  const remove = await openForm(page, 'DELETE')
  await authenticate(remove)
  t.match(await send(remove), /^204 No Content Success/)
  t.equal((await page.reload())?.status(), 404)
  t.same(await page.evaluate('[...Object.keys(localStorage), ...Object.keys(sessionStorage)]'), [])
  t.equal(
    await page.getByLabel('Password or token').first().inputValue(),
    'secret',
    'the page does not keep credentials',
  )
})

testInBrowser('a form shows an error if the service cannot be reached', async (t, open) => {
  const app = await build(t)
  const page = await open()
  await page.goto(`${await listen(app)}/notes/123`)
  await page.route('**/notes/*', (route) => route.abort())
  const form = await openForm(page, 'DELETE')
  t.match(await send(form), 'No response TypeError: Failed to fetch')
  t.equal(await form.getByRole('button', { name: 'Send DELETE' }).isEnabled(), true)
})

testInBrowser('without JavaScript, pages have links and HTML forms', async (t, open) => {
  const app = await build(t)
  const origin = await listen(app)
  const page = await open({ javaScriptEnabled: false })
  await page.goto(origin)
  await page.getByRole('link', { name: '/mirror', exact: true }).first().click()
  t.equal(await page.locator('form[data-method]').first().isVisible(), false)
  await page.goto(`${origin}/files`)
  await openForm(page, 'POST')
  t.equal(
    await page.locator('.native').getByLabel('title').inputValue(),
    'A title',
    'the field contains the example',
  )
  await page.locator('.native').getByLabel('title').fill('a "text" & more')
  await page.getByRole('button', { name: /urlencoded/ }).click()
  t.equal(await page.innerText('.status'), '201 Created')
  await page.getByRole('link', { name: '/files/1' }).waitFor()
  await openForm(page, 'POST')
  const file = { name: '<b>.txt', mimeType: 'text/plain', buffer: Buffer.from('content') }
  await page.locator('.native').getByLabel('attachment').setInputFiles(file)
  await page.getByRole('button', { name: /multipart/ }).click()
  await page.getByRole('link', { name: '/files/2' }).waitFor()
  t.equal((await app.inject('/files/1')).body, 'title=a+%22text%22+%26+more')
  t.match(
    (await app.inject('/files/2')).body,
    /name="attachment"; filename="<b>\.txt"[\s\S]*\r\n\r\ncontent\r\n/,
  )
  await page.goto(`${origin}/notes`)
  await openForm(page, 'POST')
  t.match(
    await page.innerText('details .command'),
    'curl -i -X POST',
    'other media types have a curl command instead of a form',
  )
})

testInBrowser('without JavaScript, forms sort, limit and filter a list', async (t, open) => {
  const app = await build(t)
  const { create } = app.store(createNoteStore)
  for (const title of ['Notes on B', 'Zoe']) await create({ title, body: '', author: 'Luis' })
  const origin = await listen(app)
  const page = await open({ javaScriptEnabled: false })
  await page.goto(`${origin}/notes`)
  const set = async (fill: (form: Locator) => Promise<unknown>, name: string) => {
    const form = await openForm(page, 'GET')
    await fill(form)
    await form.getByRole('button', { name: `Set ${name}` }).click()
    return page.url().replace(origin, '')
  }
  t.equal(
    await set((form) => form.getByLabel('sort', { exact: true }).selectOption('-title'), 'sort'),
    '/notes?sort=-title',
  )
  t.equal(
    await set((form) => form.getByLabel('limit', { exact: true }).fill('1'), 'limit'),
    '/notes?limit=1&sort=-title',
  )
  t.match(await page.innerText('.body'), '"title": "Zoe"')
  await page.getByRole('link', { name: /after=/ }).click()
  const filtered = '/notes?author=An+author&limit=1&sort=-title'
  t.equal(
    await set((form) => form.getByLabel('author', { exact: true }).fill('An author'), 'author'),
    filtered,
    'the new filter removes the cursor',
  )
  t.match(await page.innerText('.body'), '"title": "A title"')
  const form = await openForm(page, 'GET')
  await form.getByLabel('author', { exact: true }).fill('')
  await form.getByRole('button', { name: 'Set author' }).click()
  t.equal(page.url().replace(origin, ''), filtered, 'an empty field is not sent')
  await page.getByRole('link', { name: 'Without a query' }).click()
  t.equal(page.url(), `${origin}/notes`)
})

testInBrowser('a form can be filled and sent with the keyboard', async (t, open) => {
  const page = await open()
  await page.goto(`${await listen(await build(t))}/notes/123`)
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key)
  }
  await press('Tab')
  t.equal(await page.evaluate('document.activeElement.textContent'), 'Skip to content')
  await press('Enter')
  await page.locator('summary', { hasText: 'DELETE' }).focus()
  await press('Enter', 'Tab')
  t.equal(await page.evaluate('document.activeElement.name'), 'If-Match')
  await press('Tab', 'Tab')
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.type('admin')
  await press('Tab')
  await page.keyboard.type('secret')
  await press('Enter')
  const outcome = page.locator('.outcome:focus')
  await outcome.waitFor()
  t.match(await outcome.innerText(), /^204 No Content Success[\s\S]*The resource is gone/)
  await press('Tab')
  t.equal(await page.evaluate('document.activeElement.textContent'), 'Open /notes')
})
