import t from 'tap'
import { build, expectReply } from '../../app.ts'

const LINK = { link: '<http://luisrei.com>; rel="author"' }

const CASES = [
  { title: 'greets John Doe', url: '/hello', body: 'Hello John Doe' },
  { title: 'greets the given name', url: '/hello?name=Luis', body: 'Hello Luis' },
  { title: 'decodes the name', url: '/hello?name=Zo%C3%AB+%26%20co', body: 'Hello Zoë & co' },
  {
    title: 'returns the JSON of the tutorial',
    url: '/hello',
    accept: 'application/json',
    body: { hello: 'world', number: 3 },
  },
  {
    title: 'returns version 2 as its own media type',
    url: '/hello?name=Luis',
    accept: 'application/vnd.example.v2+json',
    type: 'application/vnd.example.v2+json',
    body: { greeting: 'Hello Luis', name: 'Luis' },
  },
]

for (const { title, url, accept = '*/*', type, body } of CASES) {
  t.test(`GET /hello ${title}`, async (t) => {
    const app = await build(t)
    await expectReply(t, app, { url, headers: { accept } }, { type, body, headers: LINK })
  })
}

t.test('GET /hello returns 400 for an unknown or repeated parameter', async (t) => {
  const app = await build(t)
  for (const [url, pointer] of [
    ['/hello?nam=Luis', '/nam'],
    ['/hello?name=a&name=b', '/name'],
  ]) {
    const reply = await expectReply(t, app, { url }, { status: 400 })
    const [error, ...others] = reply.json().errors
    t.same([error.in, error.pointer], ['querystring', pointer], 'the error names the parameter')
    t.same(others, [])
  }
})
