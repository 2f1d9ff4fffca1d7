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
