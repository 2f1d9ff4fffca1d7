import type { FastifyPluginAsync } from 'fastify'
import { buildWith } from '../app.ts'
import { listen, testInBrowser } from './browser.ts'

const failing: FastifyPluginAsync = async (app) => {
  app.get('/fails', async () => {
    throw new TypeError('<b>no</b> such thing')
  })
}

testInBrowser('with DEBUG a browser draws what went wrong', async (t, open) => {
  const origin = await listen(await buildWith(t, failing, { DEBUG: 'true' }))
  const page = await open()
  const reply = await page.goto(`${origin}/fails`)
  t.equal(reply?.status(), 500)
  t.match(await page.innerText('body'), '<b>no</b> such thing')
  t.match(await page.innerText('body'), 'const failing: FastifyPluginAsync')
})
