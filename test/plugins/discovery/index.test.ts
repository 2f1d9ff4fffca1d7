import t from 'tap'
import { build, expectReply } from '../../app.ts'

const LINK = [
  '</openapi.json>; rel="service-desc"; type="application/json"',
  '</openapi.yaml>; rel="service-desc"; type="application/yaml"',
  '</docs>; rel="service-doc"; type="text/html"',
  '</health/ready>; rel="status"; type="application/json"',
  '</.well-known/api-catalog>; rel="api-catalog"; type="application/linkset+json"',
]

t.test('GET and HEAD of / have Link with the documents of the API', async (t) => {
  const app = await build(t)
  for (const accept of ['*/*', 'application/json', 'text/html']) {
    const request = { url: '/', headers: { accept } }
    await expectReply(t, app, request, { headers: { link: LINK.join(', ') } })
  }
  const head = await app.inject({ method: 'HEAD', url: '/' })
  t.equal(head.headers.link, LINK.join(', '))
  const refused = { url: '/', headers: { accept: 'image/png' } }
  await expectReply(t, app, refused, { status: 406, headers: { link: undefined } })
})

t.test('Link lists only documents that exist', async (t) => {
  const app = await build(t, {}, { without: ['openapi', 'health'] })
  const { link } = (await app.inject('/')).headers
  t.equal(link, LINK.at(-1))
})

t.test('each document in Link exists, and has the media type that Link names', async (t) => {
  const app = await build(t)
  await app.ready()
  for (const { path, mediaType } of app.apiLinks()) {
    const { statusCode, headers } = await app.inject({ url: path, headers: { accept: mediaType } })
    t.equal(statusCode, 200, path)
    t.match(headers['content-type'], mediaType)
  }
})
