import t from 'tap'
import { build } from '../app.ts'
import { pageOf, readPage } from '../page.ts'

t.test('the start page links to the tutorial, and shows its account', async (t) => {
  const page = await pageOf(await build(t), { url: '/' })
  const links = readPage(page).elements.filter(({ name }) => name === 'a')
  const tutorial = links.find(({ text }) => text.startsWith('The tutorial'))
  t.equal(tutorial?.attributes.href, 'http://blog.luisrei.com/articles/flaskrest.html')
  t.match(page, 'name <code class="user">admin</code>')
})
