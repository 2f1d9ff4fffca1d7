import { createHash } from 'node:crypto'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'

/** A stored message. */
interface Message {
  type: string
  bytes: Buffer
}

/**
 * The same resources on Fastify alone, in the style of its documentation: schemas for params and bodies, a check
 * of credentials, and nothing else. docs/http.md compares the service with it.
 */
export function buildBare(): FastifyInstance {
  const app = fastify()
  const articles = new Map([[123, { id: 123, title: 'A title', body: 'A body', author: 'luis' }]])
  const users = new Map([
    [1, 'john'],
    [2, 'steve'],
    [3, 'bill'],
  ])
  const messages: Message[] = []

  app.get('/', async () => 'Welcome')
  app.get<{ Querystring: { name?: string } }>('/hello', async ({ query, headers }) => {
    if (headers.accept === 'application/json') return { hello: 'world', number: 3 }
    return `Hello ${query.name ?? 'John Doe'}`
  })
  app.route({
    method: ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'],
    url: '/echo',
    handler: async ({ method, url, headers, body }) =>
      headers.accept === 'application/json' ? { method, url, headers, body } : `ECHO: ${method}\n`,
  })

  app.get('/articles', async () => [...articles.values()])
  app.get<WithId>('/articles/:id', { schema: withId }, async ({ params }, reply) => {
    const article = articles.get(params.id)
    return article ?? reply.callNotFound()
  })
  app.post<{ Body: Article }>(
    '/articles',
    { schema: { body: article }, onRequest: authenticate },
    async ({ body }, reply) => {
      const id = articles.size + 123
      articles.set(id, { id, ...body })
      return reply
        .code(201)
        .header('location', `/articles/${id}`)
        .send({ id, ...body })
    },
  )
  app.route<WithId & { Body: Article }>({
    method: ['PUT', 'PATCH'],
    url: '/articles/:id',
    schema: { ...withId, body: article },
    onRequest: authenticate,
    handler: async ({ params: { id }, body }) => {
      articles.set(id, { id, ...body })
      return { id, ...body }
    },
  })
  app.delete<WithId>(
    '/articles/:id',
    { schema: withId, onRequest: authenticate },
    async ({ params }, reply) => {
      articles.delete(params.id)
      return reply.code(204).send()
    },
  )

  app.get('/users', async () => Object.fromEntries(users))
  app.get<WithId>('/users/:id', { schema: withId }, async ({ params: { id } }, reply) => {
    const name = users.get(id)
    return name ? { [id]: name } : reply.callNotFound()
  })

  app.post<{ Body: unknown }>('/messages', async ({ body, headers }, reply) => {
    const text = typeof body === 'string' ? body : writeJson(body)
    messages.push({ type: String(headers['content-type']), bytes: Buffer.from(text) })
    return reply
      .code(201)
      .header('location', `/messages/${messages.length}`)
      .send(typeof body === 'string' ? `Text Message: ${text}` : `JSON Message: ${text}`)
  })
  app.get('/messages', async () => messages.map((_, index) => `/messages/${index + 1}`))
  app.get<WithId>('/messages/:id', { schema: withId }, async ({ params }, reply) => {
    const message = messages[params.id - 1]
    if (!message) return reply.callNotFound()
    const etag = `"${createHash('sha256').update(message.bytes).digest('base64url')}"`
    return reply.headers({ etag, 'content-type': message.type }).send(message.bytes)
  })

  app.get('/secrets', { onRequest: authenticate }, async () => 'Shhh this is top secret spy stuff!')
  app.get<{ Params: { value: string } }>('/converters/string/:value', async ({ params }) => {
    return `You are reading ${params.value}`
  })
  app.get<WithId>('/converters/int/:id', { schema: withId }, async ({ params }) => {
    return `You are reading ${params.id}`
  })
  return app
}

/** Writes JSON on one line, as the tutorial shows it. */
function writeJson(value: unknown): string {
  return JSON.stringify(value, null, 1).replaceAll(/\n */g, '')
}

type WithId = { Params: { id: number } }
const withId = {
  params: { type: 'object', properties: { id: { type: 'integer' } } },
}

interface Article {
  title: string
  body: string
  author: string
}
const article = {
  type: 'object',
  required: ['title', 'body', 'author'],
  additionalProperties: false,
  properties: {
    title: { type: 'string' },
    body: { type: 'string' },
    author: { type: 'string' },
  },
}

/** The accounts of the service in these tests, with those of `test/wire/cases/accounts.ts`. */
const PASSWORDS = ['admin:secret', 'writer:se:cr:et', 'zoë:pässwörd €']
const TOKENS = ['secret-token', 'reader-token', 'a.token~of+all/characters_-0==']
const AUTHORIZATIONS = [
  ...PASSWORDS.map((each) => `basic ${Buffer.from(each).toString('base64')}`),
  ...TOKENS.map((each) => `bearer ${each}`),
]

async function authenticate({ headers }: FastifyRequest, reply: FastifyReply) {
  const [scheme = '', ...credentials] = String(headers.authorization).split(/ +/)
  if (AUTHORIZATIONS.includes([scheme.toLowerCase(), ...credentials].join(' '))) return
  return reply
    .code(401)
    .header('www-authenticate', 'Basic realm="Example", Bearer realm="Example"')
    .send({ status: 401, message: 'Authenticate.' })
}
