import t from 'tap'
import { build, expectReply } from '../../app.ts'

const SECRET = 'Shhh this is top secret spy stuff!'
const HEADERS = { 'cache-control': 'no-store', 'www-authenticate': undefined }

for (const authorization of ['Basic YWRtaW46c2VjcmV0', 'Bearer secret-token']) {
  t.test(
    `GET /secrets returns the secret and Cache-Control: no-store for ${authorization}`,
    async (t) => {
      const app = await build(t)
      const headers = { authorization }
      await expectReply(t, app, { url: '/secrets', headers }, { headers: HEADERS, body: SECRET })
      const json = { url: '/secrets', headers: { ...headers, accept: 'application/json' } }
      await expectReply(t, app, json, { headers: HEADERS, body: { message: SECRET } })
    },
  )
}

t.test('GET /secrets without credentials returns 401 with challenges', async (t) => {
  const app = await build(t)
  for (const method of ['GET', 'HEAD'] as const) {
    const reply = await expectReply(
      t,
      app,
      { method, url: '/secrets' },
      {
        status: 401,
        headers: {
          'www-authenticate': ['Basic realm="Example", charset="UTF-8"', 'Bearer realm="Example"'],
        },
        body: method === 'HEAD' ? '' : { status: 401, message: 'Authenticate.' },
      },
    )
    t.notMatch(reply.body, 'spy')
  }
})
