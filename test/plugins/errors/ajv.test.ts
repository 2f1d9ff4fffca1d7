import fastify from 'fastify'
import t from 'tap'
import errors from '../../../plugins/errors/index.ts'

t.test('with Ajv, an error document names the invalid members', async (t) => {
  const app = fastify()
  t.teardown(() => app.close())
  await app.register(errors)
  const properties = { title: { type: 'string', maxLength: 5 } }
  const schema = { body: { type: 'object', required: ['title'], properties } }
  app.post('/', { schema }, async () => 'ok')
  for (const [payload, message] of [
    [{}, 'is required'],
    [{ title: 'too long' }, 'must NOT have more than 5 characters'],
  ] as const) {
    const reply = await app.inject({ method: 'POST', url: '/', payload })
    t.match(reply.json(), {
      status: 400,
      message: `Bad Request: body/title ${message}`,
      errors: [{ in: 'body', pointer: '/title', message }],
    })
  }
})

t.test("the errors of Fastify's own parsers have details without internals", async (t) => {
  const app = fastify({ bodyLimit: 10 })
  t.teardown(() => app.close())
  await app.register(errors)
  app.post('/', async () => 'ok')
  const headers = { 'content-type': 'application/json' }
  for (const [payload, length, message] of [
    ['"more than ten bytes"', '21', 'Content Too Large: the body is larger than 10 bytes'],
    ['"short"', '9', 'Bad Request: the length of the body differs from Content-Length'],
  ] as const) {
    const fields = { ...headers, 'content-length': length }
    const reply = await app.inject({ method: 'POST', url: '/', payload, headers: fields })
    t.match(reply.json(), { status: reply.statusCode, message })
  }
})
