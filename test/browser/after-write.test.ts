import type { Page } from 'playwright-core'
import { build, buildWith, patch } from '../app.ts'
import '../fixtures/register.ts'
import { listen, testInBrowser } from './browser.ts'
import { authenticate, commandIn, openForm, send } from './forms.ts'

/** Returns what the page says about its resource. */
async function shown(page: Page) {
  const section = page.locator('section', { has: page.locator('#response') })
  const fields = await section.locator('.fields').innerText()
  return {
    heading: await page.innerText('h1'),
    request: await page.innerText('.target'),
    status: await section.locator('.status').innerText(),
    etag: /ETag\n(.+)/.exec(fields)?.[1],
    body: await section.locator('.body').innerText(),
  }
}

testInBrowser(
  'after PUT and PATCH, the page shows the new representation and ETag',
  async (t, open) => {
    const origin = await listen(await build(t))
    const page = await open()
    await page.goto(`${origin}/notes/123`)
    const before = await shown(page)
    t.match(before, { heading: 'Note', status: '200 OK', etag: '"1-json"' })
    const replace = await openForm(page, 'PUT')
    await authenticate(replace)
    await replace.locator('textarea').fill('{"title": "New", "body": "b", "author": "a"}')
    await send(replace)
    const replaced = await shown(page)
    t.match(replaced, { heading: 'Note', status: '200 OK', request: /^GET / })
    t.match(replaced.body, '"title": "New"')
    t.match(replaced.etag, /^"2\./)
    const change = await openForm(page, 'PATCH')
    t.equal(await change.getByLabel('If-Match').inputValue(), replaced.etag)
    t.match(await change.locator('textarea').inputValue(), '"New"', 'the draft of PATCH is current')
    await authenticate(change)
    await change.locator('textarea').fill('{"title": "Newer"}')
    await send(change)
    t.match((await shown(page)).body, '"title": "Newer"')
    t.match((await shown(page)).etag, /^"3\./)
    t.match(
      await replace.locator('textarea').inputValue(),
      '"New"',
      'a text that the user has changed stays',
    )
  },
)

testInBrowser(
  'after DELETE, the page says that the resource is gone, and links to its list',
  async (t, open) => {
    const origin = await listen(await build(t))
    const page = await open()
    await page.goto(`${origin}/notes/123`)
    const remove = await openForm(page, 'DELETE')
    await authenticate(remove)
    const outcome = await send(remove)
    t.match(outcome, /^204 No Content Success[\s\S]*The resource is gone\. Open \/notes/)
    t.match(await shown(page), {
      heading: '404 Not Found',
      status: '404 Not Found',
      etag: undefined,
    })
    t.match(await page.title(), /^404 Not Found/)
    t.notMatch(await page.innerText('#request ~ .command'), 'If-None-Match')
    t.equal(await remove.getByLabel('If-Match').inputValue(), '')
    await remove.getByRole('link', { name: 'Open /notes' }).click()
    t.equal(page.url(), `${origin}/notes`)
    t.equal(await page.innerText('h1'), 'Notes')
  },
)

testInBrowser('after a DELETE, nothing of the earlier outcomes is left', async (t, open) => {
  const origin = await listen(await build(t))
  const page = await open()
  await page.goto(`${origin}/notes/123`)
  const replace = await openForm(page, 'PUT')
  const change = await openForm(page, 'PATCH')
  const draft = await change.locator('textarea').inputValue()
  t.match(await send(replace), /^200 OK/)
  t.match(await send(change), /^200 OK/)
  t.equal(await replace.locator('.outcome').isVisible(), false, 'PATCH has changed the resource')
  const remove = await openForm(page, 'DELETE')
  t.match(await send(remove), /^204 No Content/)
  t.equal(await page.locator('.outcome:visible').count(), 1)
  t.equal(await change.locator('textarea').inputValue(), draft, 'the draft stays')
  await page.reload()
  t.match(await (await openForm(page, 'PATCH')).locator('textarea').inputValue(), '"title"')
})

testInBrowser('after a PUT that creates, the page is no longer that of a 404', async (t, open) => {
  const origin = await listen(await build(t))
  const page = await open()
  await page.goto(`${origin}/notes/7`)
  const create = await openForm(page, 'PUT')
  await authenticate(create)
  t.match(await send(create), /^201 Created/)
  t.match(await shown(page), { heading: 'Note', status: '200 OK', etag: /^"1/ })
})

testInBrowser('after a refused write, the page stays as it is', async (t, open) => {
  const app = await build(t)
  const page = await open()
  await page.goto(`${await listen(app)}/notes/123`)
  const before = await shown(page)
  const change = patch('/notes/123', 'application/merge-patch+json', { title: 'By another' })
  t.equal((await app.inject(change)).statusCode, 200)
  const form = await openForm(page, 'PATCH')
  await authenticate(form)
  t.match(await send(form), /^412 Precondition Failed/)
  t.same(await shown(page), before)
})

testInBrowser('after a write, the forms of a reference page use the new ETag', async (t, open) => {
  const origin = await listen(await build(t))
  const page = await open()
  await page.goto(`${origin}/docs/patchFixtureNote`)
  const form = page.locator('.trial')
  await authenticate(form)
  t.match(await send(form), /^428 [\s\S]*If-Match with the current ETag is required/)
  await form.getByLabel('If-Match').fill('*')
  t.match(await send(form), /^200 OK/)
  const tag = await form.getByLabel('If-Match').inputValue()
  t.match(tag, /^"[12]/)
  t.match(await commandIn(form), `If-Match: ${tag}`)
  await form.getByLabel('noteId').fill('4')
  t.equal(await form.getByLabel('If-Match').inputValue(), '', 'it is not the tag of another note')
})

testInBrowser('a form that needs If-Match reads the ETag of the resource', async (t, open) => {
  const origin = await listen(await build(t))
  const page = await open({ viewport: { width: 1280, height: 800 } })
  const form = page.locator('.trial')
  const input = form.getByLabel('If-Match')
  const read = form.getByRole('button', { name: 'Read ETag' })
  for (const [id, necessity] of [
    ['replaceFixtureNote', 'Required if the resource exists:'],
    ['deleteFixtureNote', 'Required:'],
  ]) {
    await page.goto(`${origin}/docs/${id}`)
    const hint = page.locator(`[id="${await input.getAttribute('aria-describedby')}"]`)
    t.match(await hint.innerText(), `${necessity} the current ETag, which Read a note returns.`)
    t.equal(await hint.getByRole('link').getAttribute('href'), '/docs/readFixtureNote')
    await read.click()
    await page.getByRole('status').filter({ hasText: 'If-Match is "' }).waitFor()
    t.equal(await input.inputValue(), '"1-json"')
    t.match(await commandIn(form), `If-Match: "1-json"`)
  }
  await form.getByLabel('noteId').fill('4')
  await read.click()
  await page.getByRole('status').filter({ hasText: 'No ETag: 404' }).waitFor()
  t.match(await form.locator('.field .error').innerText(), 'No ETag: 404')
  await form.getByLabel('noteId').fill('123')
  await read.click()
  await page.getByRole('status').filter({ hasText: 'If-Match is "' }).waitFor()
  t.match(await send(form), /^204 No Content/)
  await page.route('**/notes/*', (route) => route.abort())
  await read.click()
  await page.getByRole('status').filter({ hasText: 'No ETag: no response' }).waitFor()
})

testInBrowser('a form that creates can be sent again, without If-Match', async (t, open) => {
  const page = await open()
  await page.goto(`${await listen(await build(t))}/docs/createFixtureNote`)
  const form = page.locator('.trial')
  await authenticate(form)
  t.match(await send(form), /^201 Created/)
  t.match(await send(form), /^201 Created/)
})

testInBrowser('after a DELETE that removes nothing, no resource is gone', async (t, open) => {
  const page = await open()
  const app = await buildWith(t, async (app) => {
    app.delete('/kept', { schema: { operationId: 'deleteNothing' } }, async () => ({}))
    app.get('/kept', async () => ({}))
  })
  await page.goto(`${await listen(app)}/docs/deleteNothing`)
  t.notMatch(await send(page.locator('.trial')), 'gone')
})

testInBrowser('if a page cannot be read again after a write, it says so', async (t, open) => {
  const origin = await listen(await build(t))
  const page = await open()
  await page.goto(`${origin}/notes/123`)
  const form = await openForm(page, 'PATCH')
  await authenticate(form)
  await page.route('**/notes/123', (route) =>
    route.request().method() === 'GET' ? route.abort() : route.continue(),
  )
  t.match(await send(form), /^200 OK[\s\S]*The page could not be read again/)
})
