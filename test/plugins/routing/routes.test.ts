import t from 'tap'
import { build, expectReply } from '../../app.ts'
import '../../fixtures/register.ts'
import { textIn } from '../../page.ts'

/** Health, metrics and paths without GET are not listed. */
const LINKS = {
  docs: '/docs',
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

t.test('GET / as JSON lists the entry points, all of which exist', async (t) => {
  const app = await build(t)
  const request = { url: '/', headers: { accept: 'application/json' } }
  const reply = await expectReply(t, app, request, {})
  t.same(reply.json(), { name: 'restful-web-api', links: LINKS })
  for (const url of Object.values<string>(reply.json().links)) {
    await expectReply(t, app, { method: 'OPTIONS', url }, { status: 204 })
  }
})

t.test('GET / lists the entry points as XML and HTML too', async (t) => {
  const app = await build(t)
  const links = Object.entries(app.entryPoints()).map(([name, url]) => `<${name}>${url}</${name}>`)
  const xml = `<index><name>restful-web-api</name><links>${links.join('')}</links></index>`
  await expectReply(
    t,
    app,
    { url: '/', headers: { accept: 'application/xml' } },
    { body: `<?xml version="1.0" encoding="UTF-8"?>\n${xml}\n` },
  )
  const page = { url: '/', headers: { accept: 'text/html' } }
  const { body } = await expectReply(t, app, page, { type: 'text/html; charset=utf-8' })
  t.equal(textIn(body, 'h1'), 'restful-web-api')
  t.match(textIn(body, '.body'), '"notes": "/notes"')
})
