import t from 'tap'
import { build, expectReply } from '../../app.ts'
import '../../fixtures/register.ts'
import { textIn } from '../../page.ts'

/** Links to all entry points. Health, metrics and paths without GET are not entry points. */
const LINKS = {
  docs: '/docs',
  entries: '/entries',
  greeting: '/greeting',
  journal: '/journal',
  mirror: '/mirror',
  notes: '/notes',
  vault: '/vault',
}

t.test('GET / returns Welcome as text', async (t) => {
  const app = await build(t)
  await expectReply(t, app, { url: '/' }, { type: 'text/plain; charset=utf-8', body: 'Welcome' })
})

t.test('GET / as JSON lists the entry points, and all of them exist', async (t) => {
  const app = await build(t)
  const request = { url: '/', headers: { accept: 'application/json' } }
  const reply = await expectReply(t, app, request, {})
  t.same(reply.json(), { name: 'restful-web-api', links: LINKS })
  for (const url of Object.values<string>(reply.json().links)) {
    await expectReply(t, app, { method: 'OPTIONS', url }, { status: 204 })
  }
})

t.test('GET / as XML lists the entry points, and as HTML the resources', async (t) => {
  const app = await build(t)
  const links = Object.entries(app.entryPoints()).map(([name, url]) => `<${name}>${url}</${name}>`)
  const xml = `<entryPoints><name>restful-web-api</name><links>${links.join('')}</links></entryPoints>`
  await expectReply(
    t,
    app,
    { url: '/', headers: { accept: 'application/xml' } },
    { body: `<?xml version="1.0" encoding="UTF-8"?>\n${xml}\n` },
  )
  const page = { url: '/', headers: { accept: 'text/html' } }
  const { body } = await expectReply(t, app, page, { type: 'text/html; charset=utf-8' })
  t.equal(textIn(body, 'h1'), 'restful-web-api')
  t.match(body, '<a href="/notes">')
})
