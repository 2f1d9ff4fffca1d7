// Express with commonly used middleware.
import compression from 'compression'
import cors from 'cors'
import express from 'express'
import { rateLimit } from 'express-rate-limit'
import helmet from 'helmet'
import morgan from 'morgan'
import { z } from 'zod'
import { GREETING, isAuthorized, NO_LIMIT, PORT, SECRET } from './answers.js'
import { findArticle, listArticles } from './articles.js'
import { Draft } from './draft.js'

const app = express()
app.use(morgan('combined'))
app.use(helmet())
app.use(cors())
app.use(compression())
app.use(
  rateLimit({
    windowMs: 60_000,
    limit: NO_LIMIT,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
  }),
)
app.use(express.json())

const Name = z.object({ name: z.string().optional() })

app.get('/hello', (request, response) => {
  const { name } = Name.parse(request.query)
  if (name === undefined) response.json(GREETING)
  else response.type('text/plain').send(`Hello ${name}`)
})
app.post('/drafts', ({ body }, response) => {
  const { success, data } = Draft.safeParse(body)
  if (success) response.json(data)
  else response.status(400).json({ status: 400 })
})
app.get('/articles', (_request, response) => response.json({ items: listArticles() }))
app.get('/articles/:id', ({ params }, response) => {
  response.json(findArticle(z.coerce.number().int().parse(params.id)))
})
app.get('/secrets', ({ headers }, response) => {
  if (isAuthorized(headers.authorization)) response.json(SECRET)
  else response.status(401).json({ status: 401 })
})
app.use((_request, response) => response.status(404).json({ status: 404 }))

app.listen(PORT, '127.0.0.1')
