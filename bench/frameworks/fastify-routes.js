// Routes of the two compared servers that use Fastify directly. The routes have schemas, since Fastify is faster with schemas.
import { DRAFT, GREETING, SECRET } from './answers.js'

const text = { type: 'string' }
const summary = {
  id: { type: 'integer' },
  title: text,
  author: text,
  createdAt: text,
  updatedAt: text,
}
const Article = { type: 'object', properties: { ...summary, body: text } }
const Articles = {
  type: 'object',
  properties: { items: { type: 'array', items: { type: 'object', properties: summary } } },
}
const Greeting = { type: 'object', properties: { hello: text, number: { type: 'integer' } } }
const Name = { type: 'object', properties: { name: text } }
const Id = { type: 'object', properties: { id: { type: 'integer' } } }
const Secret = { type: 'object', properties: { message: text } }

/**
 * @param articles functions that read and write articles; they may return promises.
 * @param authenticate onRequest hook for the routes that require authentication.
 */
export function addRoutes(app, articles, authenticate) {
  app.get(
    '/hello',
    { schema: { querystring: Name, response: { 200: Greeting } } },
    async ({ query: { name } }, reply) => {
      if (name === undefined) return GREETING
      reply.type('text/plain; charset=utf-8').serializer(String)
      return `Hello ${name}`
    },
  )
  app.post(
    '/drafts',
    { schema: { body: DRAFT, response: { 200: DRAFT } } },
    async ({ body }) => body,
  )
  app.get('/articles', { schema: { response: { 200: Articles } } }, async () => ({
    items: await articles.listArticles(),
  }))
  app.get(
    '/articles/:id',
    { schema: { params: Id, response: { 200: Article } } },
    async ({ params: { id } }) => articles.findArticle(id),
  )
  app.post(
    '/articles',
    { schema: { body: DRAFT, response: { 201: Article } }, onRequest: authenticate },
    async ({ body }, reply) => {
      reply.code(201)
      return articles.createArticle(body)
    },
  )
  app.get(
    '/secrets',
    { schema: { response: { 200: Secret } }, onRequest: authenticate },
    async () => SECRET,
  )
}
