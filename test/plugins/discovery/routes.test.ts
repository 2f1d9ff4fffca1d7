import t from 'tap'
import { ACCOUNT, build, expectReply } from '../../app.ts'

const CATALOG = '/.well-known/api-catalog'
const LINKSET = 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"'
const LINK = `<${CATALOG}>; rel="api-catalog"; type="application/linkset+json"`

t.test('GET /.well-known/api-catalog lists the API and its documents (RFC 9727)', async (t) => {
  const app = await build(t, ACCOUNT)
  const request = { url: CATALOG, headers: { host: 'api.example' } }
  const reply = await expectReply(t, app, request, { type: LINKSET, headers: { link: LINK } })
  t.same(reply.json(), {
    linkset: [
      {
        anchor: 'http://api.example/.well-known/api-catalog',
        item: [{ href: 'http://api.example/' }],
      },
      {
        anchor: 'http://api.example/',
        'service-desc': [
          { href: 'http://api.example/openapi.json', type: 'application/json' },
          { href: 'http://api.example/openapi.yaml', type: 'application/yaml' },
        ],
        'service-doc': [{ href: 'http://api.example/docs', type: 'text/html' }],
        status: [{ href: 'http://api.example/health/ready', type: 'application/json' }],
      },
    ],
  })
})

t.test('HEAD /.well-known/api-catalog has Link with the relation api-catalog', async (t) => {
  const app = await build(t)
  const { statusCode, headers } = await app.inject({ method: 'HEAD', url: CATALOG })
  t.equal(statusCode, 200)
  t.equal(headers.link, LINK)
  t.equal(headers['content-type'], LINKSET)
})

t.test('the catalog is negotiated', async (t) => {
  const app = await build(t)
  for (const [accept, status] of [
    ['application/linkset+json', 200],
    ['application/xml', 406],
  ] as const) {
    await expectReply(t, app, { url: CATALOG, headers: { accept } }, { status })
  }
})

t.test('GET /.well-known/security.txt returns the contacts and a date (RFC 9116)', async (t) => {
  const contacts = ['mailto:security@a.example', 'https://a.example/report']
  const app = await build(t, { SECURITY_CONTACT: contacts.join(' ') })
  const request = { url: '/.well-known/security.txt' }
  const { body } = await expectReply(t, app, request, { type: 'text/plain; charset=utf-8' })
  const [, expires = ''] = /\nExpires: (.*)\n$/.exec(body) ?? []
  const [mail, page] = contacts
  t.equal(body, `Contact: ${mail}\nContact: ${page}\nExpires: ${expires}\n`)
  t.match(expires, /^\d{4}-\d\d-\d\dT00:00:00\.000Z$/)
  const days = (Date.parse(expires) - Date.now()) / 86_400_000
  t.ok(days > 88 && days <= 90, 'less than a year ahead')
})

t.test('without a contact there is no security.txt', async (t) => {
  const app = await build(t)
  await expectReply(t, app, { url: '/.well-known/security.txt' }, { status: 404 })
})
