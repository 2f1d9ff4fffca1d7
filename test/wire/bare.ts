import { createHash } from 'node:crypto'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { PASSWORDS, TOKENS } from './cases/accounts.ts'

/**
 * Builds the fixture resources on Fastify alone, in the style of Fastify's documentation. The app has schemas for
 * params and bodies, and a check of credentials. docs/http.md compares the service with this app.
 */
export function buildBare(): FastifyInstance {
  const app = fastify()
  app.get('/', async () => 'Welcome')
  app.get('/vault', { onRequest: authenticate }, async () => 'Gold')
  app.register(echo)
  app.register(notes)
  app.register(files)
  return app
}

async function echo(app: FastifyInstance) {
  app.get<{ Querystring: { name?: string } }>('/greeting', async ({ query, headers }) => {
    if (headers.accept === 'application/json') return { message: 'Hello' }
    return `Hello ${query.name ?? 'World'}`
  })
  app.get<{ Params: { name: string } }>('/greeting/:name', async ({ params }) => {
    return `Hello ${params.name}`
  })
  app.route({
    method: ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'],
    url: '/mirror',
    handler: async ({ method, url, headers, body }) => {
      if (headers.accept !== 'application/json') return `${method}: ${body ?? ''}`
      return { method, url, headers, body }
    },
  })
}

async function notes(app: FastifyInstance) {
  const notes = new Map([[123, { id: 123, title: 'A title', body: 'A body', author: 'luis' }]])
  const write = { schema: { ...withId, body: note }, onRequest: authenticate }

  app.get('/notes', async () => ({ items: [...notes.values()] }))
  app.get<WithId>('/notes/:id', { schema: withId }, async ({ params }, reply) => {
    const found = notes.get(params.id)
    return found ?? reply.callNotFound()
  })
  app.post<{ Body: Note }>(
    '/notes',
    { schema: { body: note }, onRequest: authenticate },
    async ({ body }, reply) => {
      const id = notes.size + 123
      notes.set(id, { id, ...body })
      return reply
        .code(201)
        .header('location', `/notes/${id}`)
        .send({ id, ...body })
    },
  )
  app.route<WithId & { Body: Note }>({
    method: ['PUT', 'PATCH'],
    url: '/notes/:id',
    ...write,
    handler: async ({ params: { id }, body }) => {
      notes.set(id, { id, ...body })
      return { id, ...body }
    },
  })
  app.delete<WithId>(
    '/notes/:id',
    { schema: withId, onRequest: authenticate },
    async ({ params }, reply) => {
      notes.delete(params.id)
      return reply.code(204).send()
    },
  )
}

async function files(app: FastifyInstance) {
  const files: { mediaType: string; bytes: Buffer }[] = []

  app.post<{ Body: string }>('/files', async ({ body, headers }, reply) => {
    const file = { mediaType: String(headers['content-type']), bytes: Buffer.from(body) }
    const id = files.push(file)
    return reply
      .code(201)
      .header('location', `/files/${id}`)
      .send({ id, mediaType: file.mediaType, size: file.bytes.length })
  })
  app.get<WithId>('/files/:id', { schema: withId }, async ({ params }, reply) => {
    const file = files[params.id - 1]
    if (!file) return reply.callNotFound()
    const etag = `"${createHash('sha256').update(file.bytes).digest('base64url')}"`
    return reply.headers({ etag, 'content-type': file.mediaType }).send(file.bytes)
  })
}

type WithId = { Params: { id: number } }
const withId = {
  params: { type: 'object', properties: { id: { type: 'integer' } } },
}

interface Note {
  title: string
  body: string
  author: string
}
const note = {
  type: 'object',
  required: ['title', 'body', 'author'],
  additionalProperties: false,
  properties: {
    title: { type: 'string' },
    body: { type: 'string' },
    author: { type: 'string' },
  },
}

const AUTHORIZATIONS = [
  ...PASSWORDS.map((each) => `basic ${Buffer.from(each).toString('base64')}`),
  ...TOKENS.map((each) => `bearer ${each}`),
]

async function authenticate({ headers }: FastifyRequest, reply: FastifyReply) {
  const [scheme = '', ...credentials] = String(headers.authorization).split(/ +/)
  if (AUTHORIZATIONS.includes([scheme.toLowerCase(), ...credentials].join(' '))) return
  return reply
    .code(401)
    .header('www-authenticate', 'Basic realm="Example", charset="UTF-8", Bearer realm="Example"')
    .send({ status: 401, message: 'Authenticate.' })
}
