// Hono on Node with the middleware that comes with Hono, and a rate limiter.
import { serve } from '@hono/node-server'
import { zValidator } from '@hono/zod-validator'
import { Hono } from 'hono'
import { basicAuth } from 'hono/basic-auth'
import { compress } from 'hono/compress'
import { cors } from 'hono/cors'
import { logger } from 'hono/logger'
import { secureHeaders } from 'hono/secure-headers'
import { rateLimiter } from 'hono-rate-limiter'
import { z } from 'zod'
import { GREETING, NAME, NO_LIMIT, PASSWORD, PORT, SECRET } from './answers.js'
import { findArticle, listArticles } from './articles.js'
import { Draft } from './draft.js'

const Name = z.object({ name: z.string().optional() })
const Id = z.object({ id: z.coerce.number().int() })

const app = new Hono()
app.use(logger())
app.use(secureHeaders())
app.use(cors())
app.use(compress())
app.use(rateLimiter({ windowMs: 60_000, limit: NO_LIMIT, keyGenerator: () => 'client' }))

app.get('/hello', zValidator('query', Name), (context) => {
  const { name } = context.req.valid('query')
  return name === undefined ? context.json(GREETING) : context.text(`Hello ${name}`)
})
app.post('/drafts', zValidator('json', Draft), (context) => context.json(context.req.valid('json')))
app.get('/articles', (context) => context.json({ items: listArticles() }))
app.get('/articles/:id', zValidator('param', Id), (context) =>
  context.json(findArticle(context.req.valid('param').id)),
)
app.get('/secrets', basicAuth({ username: NAME, password: PASSWORD }), (context) =>
  context.json(SECRET),
)
app.notFound((context) => context.json({ status: 404 }, 404))

serve({ fetch: app.fetch, port: PORT, hostname: '127.0.0.1' })
