import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { FastifyPluginAsync } from 'fastify'
import t from 'tap'
import { integrityOf, SCRIPT } from '../../../plugins/html-pages/static-files.ts'
import { HTML } from '../../../src/http/media-types.ts'
import { SECURITY_FIELDS } from '../../../src/http/security-fields.ts'
import { AUTHORIZATION, build, buildWith, write } from '../../app.ts'
import '../../fixtures/register.ts'
import { createFileStore } from '../../fixtures/resources/files/store.ts'
import { createNoteStore } from '../../fixtures/resources/notes/store.ts'
import { pageOf, readPage, textIn } from '../../page.ts'

const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' }

const run = promisify(execFile)

/** Returns the curl command that a page shows. */
function commandOn(markup: string): string {
  const codes = readPage(markup).elements.filter(({ name }) => name === 'code')
  return codes.find(({ text }) => text.includes("'Accept: application/json'"))?.text ?? ''
}

const CALLS: { url: string; headers?: Record<string, string>; status: number }[] = [
  { url: '/notes/123', status: 200 },
  { url: "/notes?limit=1&sort=-title&author=O'Neill%20%26%20%22Sons%22", status: 200 },
  { url: '/notes?author=[a]{b,c}$(id)`id`', status: 200 },
  { url: '/nope/a/../b', status: 404 },
  { url: '/notes/4', status: 404 },
  { url: '/%ff', status: 400 },
  { url: '/notes/123', headers: { 'if-match': '"it\'s\\another"' }, status: 412 },
  { url: '/vault', headers: { authorization: 'Bearer another-token' }, status: 401 },
]

for (const { url, headers = {}, status } of CALLS) {
  t.test(
    `the curl command on the page of ${url} gets the response that the page shows: ${status}`,
    async (t) => {
      const app = await build(t)
      const origin = await app.listen({ port: 0 })
      const { host } = new URL(origin)
      const { body } = await app.inject({ url, headers: { ...BROWSER, host, ...headers } })
      t.equal(textIn(body, '.status'), `${status} ${textIn(body, '.status')?.slice(4)}`)
      const command = commandOn(body)
      t.notMatch(command, 'another-token', 'the command contains no credentials')
      const { stdout } = await run('bash', ['-c', `${command} --silent`])
      const [head = '', content] = stdout.split('\r\n\r\n')
      t.match(head, `HTTP/1.1 ${textIn(body, '.status')}\r\n`)
      t.same(textIn(body, '.body'), JSON.stringify(JSON.parse(String(content)), null, 2))
      const fields = head.toLowerCase().split('\r\n').slice(1)
      for (const { name, text } of readPage(body).elements) {
        if (name !== 'dt') continue
        t.ok(
          fields.some((field) => field.startsWith(`${text.toLowerCase()}: `)),
          `the response has ${text}`,
        )
      }
    },
  )
}

t.test('a page shows its request, its methods and links to the paths above', async (t) => {
  const app = await build(t)
  const { body } = await app.inject({ url: '/notes/123?a=%3C', headers: BROWSER })
  const { elements, errors } = readPage(body)
  t.same(errors, [], 'the page is valid HTML')
  t.equal(textIn(body, 'title'), 'Note · /notes/123')
  t.equal(textIn(body, '.target'), 'GET http://localhost:80/notes/123?a=%3C')
  t.equal(textIn(body, '.lead'), 'Read a note')
  const methods = elements.filter(({ name, attributes }) => name === 'li' && attributes.class)
  t.same(
    methods.map(({ text }) => text),
    ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'PUT'],
  )
  const links = elements.filter(({ name }) => name === 'a').map(({ attributes }) => attributes.href)
  const references = [
    'deleteFixtureNote',
    'readFixtureNote',
    'patchFixtureNote',
    'replaceFixtureNote',
  ]
  t.same(links, [
    ...['#main', '/', '/#resources', '/docs', '/openapi.json', '/', '/notes'],
    ...[...references, 'patchFixtureNote', 'replaceFixtureNote', 'deleteFixtureNote'].map(
      (id) => `/docs/${id}`,
    ),
  ])
})

t.test('the page of a list links to its items and to the next page', async (t) => {
  const app = await build(t)
  const { create } = app.store(createNoteStore)
  for (const title of ['b', 'c']) await create({ title, body: '', author: 'a' })
  const { body } = await app.inject({ url: '/notes?limit=2', headers: BROWSER })
  const links = readPage(body).elements.filter(({ name }) => name === 'a')
  const targets = links.map(
    ({ attributes: { href }, text }) => `${text} ${href?.replace(/after=.*/, '')}`,
  )
  t.same(targets.slice(6), [
    '/notes?limit=2 /notes?limit=2',
    `${links[7]?.text} /notes?limit=2&`,
    '123 /notes/123',
    '124 /notes/124',
    'GET /docs/listFixtureNotes',
    'POST /docs/createFixtureNote',
    'Without a query /notes',
    'Reference of GET: parameters, body and failures /docs/listFixtureNotes',
    'Reference of POST: parameters, body and failures /docs/createFixtureNote',
  ])
  for (const { attributes } of links.slice(5)) {
    t.equal(
      (await app.inject(String(attributes.href))).statusCode,
      200,
      `${attributes.href} exists`,
    )
  }
})

t.test(
  'the ETag of a page identifies the bytes of the page, and works with 304, HEAD and If-Match',
  async (t) => {
    const app = await build(t)
    const get = (headers: object = {}) =>
      app.inject({ url: '/notes/123', headers: { ...BROWSER, ...headers } })
    const first = await get()
    const { etag } = first.headers
    t.match(etag, /^"1-html-[\da-f]{16}"$/)
    t.equal((await get()).headers.etag, etag, 'the same page has the same ETag')
    t.equal(
      (await get({ host: '127.0.0.1' })).headers.etag === etag,
      false,
      'a different page has a different ETag',
    )
    t.equal(
      first.headers['last-modified'],
      undefined,
      'a page has no Last-Modified, since the date would stay the same if the template changes',
    )
    const unchanged = await get({ 'if-none-match': etag })
    t.equal(unchanged.statusCode, 304)
    t.equal(unchanged.headers['content-security-policy'], first.headers['content-security-policy'])
    const coded = await get({ 'accept-encoding': 'gzip' })
    t.equal(coded.headers.etag, `${String(etag).slice(0, -1)}-gzip"`)
    const again = await get({ 'accept-encoding': 'gzip', 'if-none-match': coded.headers.etag })
    t.equal(again.statusCode, 304)
    const head = await app.inject({ method: 'HEAD', url: '/notes/123', headers: BROWSER })
    t.equal(head.headers.etag, etag)
    t.equal(head.headers['content-length'], first.headers['content-length'])
    const fields = { 'if-match': coded.headers.etag }
    t.equal((await app.inject(write('DELETE', '/notes/123', fields))).statusCode, 204)
  },
)

t.test('the ETag of a page depends on the routes, and the ETag of the JSON does not', async (t) => {
  const options: FastifyPluginAsync = async (app) => {
    app.post('/notes/:noteId', async () => 'new')
  }
  const apps = [await build(t), await buildWith(t, options)]
  const tagsOf = (accept: string) =>
    Promise.all(
      apps.map(async (app) => {
        const { headers } = await app.inject({ url: '/notes/123', headers: { accept } })
        return headers.etag
      }),
    )
  t.equal(new Set(await tagsOf('application/json')).size, 1)
  t.equal(new Set(await tagsOf('text/html')).size, 2)
})

t.test('the page of a write shows the ETag for the next write', async (t) => {
  const app = await build(t)
  const note = { title: 'T', body: 'B', author: 'A' }
  const request = write('PUT', '/notes/123', { ...BROWSER, 'if-match': '"1-json"' }, note)
  const { body, headers } = await app.inject(request)
  t.match(
    headers.etag,
    /^"2\.[\da-f]+-html"$/,
    'the ETag contains the version, but no digest of the page',
  )
  const inputs = readPage(body).elements.filter(({ attributes }) => attributes.name === 'If-Match')
  t.same(
    inputs.map(({ attributes }) => attributes.value),
    Array(3).fill(String(headers.etag).replace('html', 'json')),
  )
  const command = commandOn(body)
  for (const piece of [
    '\'If-Match: "1-json"\'',
    "'Content-Type: application/json'",
    '-u admin:secret',
  ]) {
    t.ok(command.includes(piece), piece)
  }
  t.notMatch(command, AUTHORIZATION)
})

const OTHER_URLS = ['/greeting', '/notes/123', '/notes/4', '/files/1', '/metrics']

t.test(
  'the policy of a page allows only its script, and the policy of other responses allows nothing',
  async (t) => {
    const app = await build(t)
    const file = { mediaType: HTML, bytes: Buffer.from('<p>') }
    t.equal((await app.store(createFileStore).create(file)).id, 1)
    for (const url of OTHER_URLS) {
      const reply = await app.inject({ url, headers: { accept: 'application/json' } })
      for (const [name, value] of Object.entries(SECURITY_FIELDS)) {
        t.equal(reply.headers[name], value, `${url} has the ${name} that allows nothing`)
      }
    }
    const page = await app.inject({ url: '/greeting', headers: BROWSER })
    const integrity = integrityOf(SCRIPT.content)
    t.equal(
      page.headers['content-security-policy'],
      [
        "default-src 'none'",
        `script-src '${integrity}'`,
        "style-src 'self'",
        "img-src 'self' blob:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
      ].join('; '),
    )
    const script = readPage(page.body).elements.find(({ name }) => name === 'script')
    t.equal(script?.attributes.integrity, integrity)
    t.equal((await app.inject(String(script?.attributes.src))).body, String(SCRIPT.content))
  },
)

t.test('the page of a 500 shows the request id', async (t) => {
  const fails: FastifyPluginAsync = async (app) => {
    app.get('/fails', async () => {
      throw new Error('no')
    })
  }
  const app = await buildWith(t, fails, { TRUST_PROXY: '127.0.0.1' })
  const headers = { ...BROWSER, 'x-request-id': 'the-id' }
  t.match(
    textIn((await app.inject({ url: '/fails', headers })).body, '.fields'),
    'X-Request-Idthe-id',
  )
  t.notMatch(
    (await app.inject({ url: '/nope', headers })).body,
    'the-id',
    'the page of a 404 does not show the request id',
  )
})

t.test(
  'the page of a 415 shows the Content-Type of the request, and a placeholder for its body',
  async (t) => {
    const app = await build(t)
    const headers = { ...BROWSER, 'content-type': 'image/gif' }
    const request = { method: 'POST', url: '/files', headers, payload: 'not read' } as const
    const { body, statusCode } = await app.inject(request)
    t.equal(statusCode, 415)
    t.match(commandOn(body), "-H 'Content-Type: image/gif'")
    t.match(commandOn(body), '--data-binary @FILE')
  },
)

t.test(
  'the curl command on the page of a 401 has a placeholder for credentials of the scheme that was used',
  async (t) => {
    const app = await build(t)
    for (const [authorization, option] of [
      [undefined, '-u NAME'],
      ['Basic YTpi', '-u NAME'],
      ['Bearer wrong', "-H 'Authorization: Bearer TOKEN'"],
    ] as const) {
      const headers = { ...BROWSER, ...(authorization && { authorization }) }
      const { body, statusCode } = await app.inject({ url: '/vault', headers })
      t.equal(statusCode, 401)
      const words = commandOn(body).replaceAll(' \\\n ', '')
      t.equal(words, `curl -i ${option} -H 'Accept: application/json' http://localhost:80/vault`)
    }
  },
)

t.test('behind a trusted proxy, a page shows the URL of the client', async (t) => {
  const app = await build(t, { TRUST_PROXY: '10.0.0.1', FORWARDED_HOST: 'true' })
  const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'api.example' }
  const request = { url: '/notes/123', headers: { ...BROWSER, ...forwarded } }
  const trusted = await app.inject({ ...request, remoteAddress: '10.0.0.1' })
  t.equal(textIn(trusted.body, '.target'), 'GET https://api.example/notes/123')
  t.match(commandOn(trusted.body), / https:\/\/api\.example\/notes\/123$/)
  const other = await app.inject({ ...request, remoteAddress: '192.0.2.1' })
  t.equal(textIn(other.body, '.target'), 'GET http://localhost:80/notes/123')
})

t.test(
  'a page shows the beginning of a long document, and names the command for the rest',
  async (t) => {
    const app = await build(t)
    const note = { title: 'T', body: '"'.repeat(90_000), author: 'A' }
    const fields = { ...BROWSER, 'if-match': '*' }
    t.equal((await app.inject(write('PUT', '/notes/123', fields, note))).statusCode, 200)
    const { body } = await app.inject({ url: '/notes/123', headers: BROWSER })
    const json = await app.inject({ url: '/notes/123', headers: { accept: 'application/json' } })
    const whole = JSON.stringify(json.json(), null, 2)
    t.equal(textIn(body, '.body'), whole.slice(0, 65_536))
    t.equal(
      textIn(body, '.cut'),
      'Only the first 65536 characters are shown. To get the whole JSON, run the command of the request.',
    )
    const links = readPage(body).elements.filter(({ name }) => name === 'a')
    t.ok(links.some(({ attributes }) => attributes.href === '#request'))
    t.ok(body.length < 400_000, 'no form contains the document')
    const short = await app.inject({ url: '/greeting', headers: BROWSER })
    t.notMatch(short.body, 'class="cut"', 'a short document is complete')
  },
)

t.test('the page of a refused query shows its form open', async (t) => {
  const app = await build(t)
  const isOpen = async (url: string) => {
    const { elements } = readPage(await pageOf(app, { url }))
    const form = elements.find(({ attributes }) => attributes.class === 'operation')
    return form?.attributes.open !== undefined
  }
  t.equal(await isOpen('/notes?limit=abc'), true)
  t.equal(await isOpen('/notes?limit=1'), false)
})
