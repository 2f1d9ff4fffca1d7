/**
 * Registers plugins one by one on plain Fastify apps, which validate with Ajv. Prints what each does as JSON, keyed by
 * plugin.
 */
import fastify from 'fastify'
import conditionalRequests from 'restful-web-api/plugins/conditional-requests'
import errors from 'restful-web-api/plugins/errors'
import idempotency from 'restful-web-api/plugins/idempotency'
import negotiation from 'restful-web-api/plugins/negotiation'
import rateLimit from 'restful-web-api/plugins/rate-limit'
import security from 'restful-web-api/plugins/security'
import storage from 'restful-web-api/plugins/storage'

/** Returns the responses of an app with some plugins and their options, after each request. */
async function responses(plugins, routes, requests) {
  const app = fastify()
  for (const [plugin, options] of plugins) await app.register(plugin, options)
  routes(app)
  const found = []
  for (const request of requests) {
    const { statusCode: status, headers, body } = await app.inject(request)
    found.push({ status, headers, body })
  }
  await app.close()
  return found
}

const body = {
  type: 'object',
  required: ['title'],
  additionalProperties: false,
  properties: { title: { type: 'string', maxLength: 5 } },
}
const response = { 200: { content: { 'application/json': { schema: { type: 'object' } } } } }

let writes = 0

const found = {
  errors: await responses(
    [[errors, {}]],
    (app) => {
      app.post('/', { schema: { body } }, async () => ({}))
      app.get('/', async () => {
        throw new Error('the password is secret')
      })
    },
    [
      { method: 'POST', url: '/', payload: { title: 'too long' } },
      { method: 'POST', url: '/', payload: {} },
      '/',
    ],
  ),
  negotiation: await responses(
    [[negotiation, { maxBodyValues: 2 }]],
    (app) => {
      app.get('/', { schema: { response } }, async () => ({}))
      app.post('/', { schema: { body } }, async (request) => request.body)
    },
    [
      { url: '/', headers: { accept: 'image/png' } },
      { method: 'POST', url: '/', payload: { title: 'short' } },
      { method: 'POST', url: '/', payload: [1, 2, 3] },
    ],
  ),
  'conditional-requests': await responses(
    [[conditionalRequests, {}]],
    (app) => app.get('/', (_request, reply) => reply.header('etag', '"1"').send('hello')),
    [
      { url: '/', headers: { 'if-none-match': '"1"' } },
      { url: '/', headers: { 'if-match': '"2"' } },
      { url: '/', headers: { range: 'bytes=0-1' } },
    ],
  ),
  idempotency: await responses(
    [
      [storage, { url: 'sqlite::memory:' }],
      [negotiation, {}],
      [idempotency, {}],
    ],
    (app) =>
      app.post('/', (request) =>
        request.idempotent(
          (session) => session,
          async () => ({ writes: ++writes }),
        ),
      ),
    [{ a: 1 }, { a: 1 }, { a: 2 }].map((payload) => ({
      method: 'POST',
      url: '/',
      headers: { 'idempotency-key': 'key-1' },
      payload,
    })),
  ),
  'rate-limit': await responses(
    [[rateLimit, { requestsPerMinute: 1 }]],
    (app) => app.get('/', async () => 'hello'),
    ['/', '/'],
  ),
  security: await responses(
    [[security, { allowedOrigins: ['https://friend.example'] }]],
    (app) => app.post('/', async () => 'hello'),
    ['https://evil.example', 'https://friend.example'].map((origin) => ({
      method: 'POST',
      url: '/',
      headers: { origin },
    })),
  ),
}
console.log(JSON.stringify(found))
