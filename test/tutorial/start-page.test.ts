import t from 'tap'
import { build } from '../app.ts'
import { checkAccessibility } from '../browser/axe.ts'
import { listen, testInBrowser } from '../browser/browser.ts'
import { pageOf, readPage } from '../page.ts'

t.test('the start page links to the tutorial, and shows its account', async (t) => {
  const page = await pageOf(await build(t), { url: '/' })
  const links = readPage(page).elements.filter(({ name }) => name === 'a')
  const tutorial = links.find(({ text }) => text.startsWith('The tutorial'))
  t.equal(tutorial?.attributes.href, 'http://blog.luisrei.com/articles/flaskrest.html')
  t.match(page, 'name <code class="user">admin</code>')
})

testInBrowser('the pages with the samples have no accessibility violations', async (t, open) => {
  const origin = await listen(await build(t))
  const page = await open()
  for (const path of ['/', '/docs', '/docs/echoGet', '/docs/createMessage']) {
    await page.goto(origin + path)
    await checkAccessibility(t, page, path)
  }
})
