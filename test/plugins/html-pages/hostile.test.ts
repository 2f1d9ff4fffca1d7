import type { FastifyInstance, InjectOptions } from 'fastify'
import t, { type Test } from 'tap'
import { build, write } from '../../app.ts'
import { HOSTILE } from '../../hostile.ts'
import { readPage } from '../../page.ts'

const BROWSER = { accept: 'text/html' }
const IF_THERE = { 'if-match': '*' }

/** What a field can carry: printable ASCII, and no more of a quoted string than its inside. */
const inField = (text: string) =>
  encodeURIComponent(text).replace(/%(20|22|27|28|29|2F|3A|3B|3C|3D|3E|7B|7D)/g, unescape)
const quoted = (text: string) => inField(text).replace(/["\\]/g, '')

/** Where a client can put text that the page of the same request shows. */
const SHOWN: Record<string, (text: string) => InjectOptions> = {
  'a path that is not there': (text) => ({ url: `/${encodeURIComponent(text)}` }),
  'a path in raw': (text) => ({ url: `/${inField(text).replace(/[ #?]/g, '')}` }),
  'a path parameter': (text) => ({
    url: `/converters/string/${encodeURIComponent(text)}`,
  }),
  'a query': (text) => ({ url: `/hello?name=${encodeURIComponent(text)}` }),
  'a query that is refused': (text) => ({
    url: `/hello?${encodeURIComponent(text)}=1`,
  }),
  'the target of an echo': (text) => ({
    url: `/echo?${inField(text).replace(/[ #]/g, '')}`,
  }),
  'a field of an echo': (text) => ({
    url: '/echo',
    headers: { referer: inField(text) },
  }),
  'the body of an echo': (text) => ({
    method: 'POST',
    url: '/echo',
    headers: { 'content-type': 'text/plain' },
    payload: text,
  }),
  'a Content-Type': (text) => ({
    method: 'POST',
    url: '/messages',
    headers: { 'content-type': inField(text) },
    payload: 'x',
  }),
  'an Idempotency-Key': (text) => ({
    method: 'POST',
    url: '/messages',
    headers: { 'content-type': 'text/plain', 'idempotency-key': `"${quoted(text)}"` },
    payload: 'x',
  }),
  'an If-Match': (text) => ({
    url: '/articles/123',
    headers: { 'if-match': `"${quoted(text).replaceAll(' ', '')}"` },
  }),
  'a member that is not known': (text) =>
    write('PUT', '/users/2', { ...IF_THERE, ...BROWSER }, { 2: 'n', [text]: 'x' }),
}

/** Where a client can put text that is kept: each puts it there, and gives the request for the page. */
const KEPT: Record<string, (text: string, app: FastifyInstance) => Promise<InjectOptions>> = {
  'an article': async (text, app) => {
    const article = { title: text.replace(/[\u2028\u2029\n]/g, ' '), body: text, author: 'a' }
    await put(app, write('PUT', '/articles/123', IF_THERE, article))
    return { url: '/articles/123' }
  },
  'the author in a list': async (text, app) => {
    const author = text.replace(/[\u2028\u2029\n]/g, ' ')
    await put(app, write('PUT', '/articles/123', IF_THERE, { title: 't', body: 'b', author }))
    return { url: '/articles' }
  },
  'a user': async (text, app) => {
    const name = text.replace(/[\u2028\u2029\n]/g, ' ')
    await put(app, write('PUT', '/users/2', IF_THERE, { 2: name }))
    return { url: '/users/2' }
  },
  'the name of a file': async (text, app) => {
    const name = encodeURIComponent(text)
    const payload = `--b\r\nContent-Disposition: form-data; name="f"; filename*=utf-8''${name}\r\n\r\nx\r\n--b--`
    await put(app, form(payload))
    return { url: '/messages?limit=1&sort=-id' }
  },
  'the media type of a file': async (text, app) => {
    const type = `text/html; a="${quoted(text)}"`
    const payload = `--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\nContent-Type: ${type}\r\n\r\nx\r\n--b--`
    await put(app, form(payload))
    return { url: '/messages?limit=1&sort=-id' }
  },
}

function form(payload: string): InjectOptions {
  const headers = { 'content-type': 'multipart/form-data; boundary=b' }
  return { method: 'POST', url: '/messages', headers, payload }
}

async function put(app: FastifyInstance, request: InjectOptions) {
  const { statusCode, body } = await app.inject(request)
  if (statusCode > 201) throw new Error(`${statusCode} ${body}`)
}

async function pageOf(app: FastifyInstance, request: InjectOptions): Promise<string> {
  const { body, headers } = await app.inject({
    ...request,
    headers: { ...request.headers, ...BROWSER },
  })
  if (!String(headers['content-type']).startsWith('text/html')) throw new Error('this is no page')
  return body
}

/** Attributes that hold text, or where a link leads. */
const FREE = ['data-draft', 'href', 'value']

/** What is markup in a page: its elements and their attributes. */
function skeletonOf(markup: string): string[] {
  return readPage(markup).elements.map(({ name, attributes }) => {
    const pairs = Object.entries(attributes).map(([key, value]) => {
      return FREE.includes(key) ? key : `${key}=${value}`
    })
    return [name, ...pairs].join(' ')
  })
}

/** Where links may lead: to the web, to this service, or within the page. */
const TARGET = /^(?:https?:\/\/|\/(?![/\\])|#main$)/i

function expectAlike(t: Test, text: string, hostile: string, plain: string) {
  const { elements, errors } = readPage(hostile)
  t.same(errors, [], `a page with ${encodeURIComponent(text)} is HTML`)
  t.same(skeletonOf(hostile), skeletonOf(plain), 'of the same elements')
  const targets = elements.flatMap(({ attributes: { href } }) => href ?? [])
  t.same(
    targets.filter((href) => !TARGET.test(href)),
    [],
    'with no other links',
  )
}

for (const [place, get] of Object.entries(SHOWN)) {
  t.test(`markup in ${place} is text`, async (t) => {
    const app = await build(t)
    for (const text of HOSTILE) {
      const plain = await pageOf(app, get(text.replace(/[^a-z/]/gi, '_')))
      expectAlike(t, text, await pageOf(app, get(text)), plain)
    }
  })
}

for (const [place, keep] of Object.entries(KEPT)) {
  t.test(`markup in ${place} is kept as text`, async (t) => {
    const app = await build(t)
    await keep('plain', app) // so that there is a next page for all that follow
    const plain = await pageOf(app, await keep('plain', app))
    for (const text of HOSTILE)
      expectAlike(t, text, await pageOf(app, await keep(text, app)), plain)
  })
}
