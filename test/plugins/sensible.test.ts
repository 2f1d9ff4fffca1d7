import type { FastifyPluginAsync } from 'fastify'
import t from 'tap'
import { buildWith, expectReply } from '../app.ts'
import '../fixtures/register.ts'

const samples: FastifyPluginAsync = async (app) => {
  app.get('/cached', async (_request, reply) =>
    reply.cacheControl('public').cacheControl('max-age', 60).send({}),
  )
  app.get('/never', async (_request, reply) => reply.preventCache().send({}))
  app.post('/kind', async (request) => ({ json: request.is(['json']) }))
  app.get('/teapot', async () => {
    throw app.httpErrors.imateapot('short and stout')
  })
}

t.test('reply.cacheControl() sets Cache-Control', async (t) => {
  const app = await buildWith(t, samples)
  const headers = { 'cache-control': 'public, max-age=60' }
  await expectReply(t, app, { url: '/cached' }, { headers })
  const reply = await expectReply(t, app, { url: '/never' }, { headers: { expires: '0' } })
  t.match(reply.headers['cache-control'], /no-store/)
})

t.test('request.is() checks the type of the body', async (t) => {
  const app = await buildWith(t, samples)
  const request = { method: 'POST', url: '/kind', payload: {} } as const
  await expectReply(t, app, request, { body: { json: 'json' } })
})

t.test('app.httpErrors creates an error by its name', async (t) => {
  const app = await buildWith(t, samples)
  const body = { status: 418, message: "I'm a Teapot: short and stout" }
  await expectReply(t, app, { url: '/teapot' }, { status: 418, body })
})
