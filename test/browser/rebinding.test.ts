/** A page of another site in Chromium, whose name leads to the address of the service (DNS rebinding). */
import t from 'tap'
import { AUTHORIZATION, build } from '../app.ts'
import '../fixtures/register.ts'
import { skipUnless } from '../requirement.ts'
import { launch } from './chromium.ts'

/** Requests of the page to its own origin, which the browser sends without asking. */
const REQUESTS = {
  'a read': `fetch('/notes/123')`,
  'a read of the metrics': `fetch('/metrics')`,
  'a write': `fetch('/files', { method: 'POST', body: 'a text' })`,
  'a write with credentials': `fetch('/files', { method: 'POST', body: 'a text', headers: { authorization: '${AUTHORIZATION}' } })`,
}

t.test('a name that leads to 127.0.0.1', { skip: skipUnless('chromium') }, async (t) => {
  const browser = await launch('--host-resolver-rules=MAP evil.test 127.0.0.1')
  t.teardown(() => browser.close())
  const app = await build(t)
  const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
  for (const [host, isServed] of [
    ['localhost', true],
    ['evil.test', false],
  ] as const) {
    const page = await browser.newPage()
    await page.goto(`http://${host}:${port}/greeting`)
    for (const [title, request] of Object.entries(REQUESTS)) {
      const status = await page.evaluate(`${request}.then(({ status }) => status)`)
      t.equal(status === 421, !isServed, `${title} gets ${status} at ${host}`)
    }
  }
})
