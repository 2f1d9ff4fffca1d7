import { build, expectReply } from '../../app.ts'
import { testOnEachEngine } from '../../engines.ts'
import { TUTORIAL_ARTICLE as ARTICLE } from './tutorial-article.ts'

const { body, ...SUMMARY } = ARTICLE

const asJson = (url: string) => ({ url, headers: { accept: 'application/json' } })

testOnEachEngine("GET /articles returns the tutorial's text to curl", async (t) => {
  const app = await build(t)
  const headers = { link: '</articles>; rel="first"' }
  await expectReply(t, app, { url: '/articles' }, { body: 'List of /articles', headers })
})

testOnEachEngine('GET /articles returns the articles as JSON', async (t) => {
  const app = await build(t)
  await expectReply(t, app, asJson('/articles'), {
    headers: { link: '</articles>; rel="first"' },
    body: { items: [SUMMARY] },
  })
})

testOnEachEngine('GET /articles/:articleId returns the article in each media type', async (t) => {
  const app = await build(t)
  await expectReply(t, app, { url: '/articles/123' }, { body: 'You are reading 123' })
  await expectReply(t, app, asJson('/articles/123'), { body: ARTICLE })
  const members = Object.entries(ARTICLE).map(([name, value]) => `<${name}>${value}</${name}>`)
  await expectReply(
    t,
    app,
    { url: '/articles/123', headers: { accept: 'application/xml' } },
    {
      body: `<?xml version="1.0" encoding="UTF-8"?>\n<article>${members.join('')}</article>\n`,
    },
  )
})

testOnEachEngine(
  'GET /articles/:articleId returns 404 if the article does not exist',
  async (t) => {
    const app = await build(t)
    for (const id of [1, 124, Number.MAX_SAFE_INTEGER]) {
      const message = `Not Found: http://localhost:80/articles/${id}`
      await expectReply(
        t,
        app,
        { url: `/articles/${id}` },
        { status: 404, body: { status: 404, message } },
      )
    }
  },
)

const NO_INTEGERS = ['1e3', '0x7b', '9007199254740993', '%20123', '+123', '0123', '123.0', 'x']
const OUT_OF_RANGE = ['0', '-1']

testOnEachEngine(
  'GET /articles/:articleId returns 400 for an invalid id, and names the parameter',
  async (t) => {
    const app = await build(t)
    for (const id of [...NO_INTEGERS, ...OUT_OF_RANGE]) {
      const message = NO_INTEGERS.includes(id) ? 'must be integer' : 'must be >= 1'
      await expectReply(
        t,
        app,
        { url: `/articles/${id}` },
        {
          status: 400,
          body: {
            status: 400,
            message: `Bad Request: params/articleId ${message}`,
            errors: [{ in: 'params', pointer: '/articleId', message }],
          },
        },
      )
    }
  },
)
