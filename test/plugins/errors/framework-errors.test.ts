import fastify from 'fastify'
import t from 'tap'
import { sendFrameworkError } from '../../../plugins/errors/framework-errors.ts'
import errors from '../../../plugins/errors/index.ts'

t.test('an undecodable path gets an error document without any other plugin', async (t) => {
  const app = fastify({ frameworkErrors: sendFrameworkError })
  t.teardown(() => app.close())
  await app.register(errors)
  const { statusCode, headers, body } = await app.inject('/%zz')
  t.match({ statusCode, type: headers['content-type'] }, { statusCode: 400, type: /json/ })
  t.match(JSON.parse(body), { status: 400, message: /^Bad Request/ })
})
