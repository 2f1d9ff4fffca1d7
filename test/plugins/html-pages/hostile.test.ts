import type { FastifyInstance, InjectOptions } from 'fastify'
import t, { type Test } from 'tap'
import { build, write } from '../../app.ts'
import { HOSTILE } from '../../hostile.ts'
import { readPage } from '../../page.ts'

const BROWSER = { accept: 'text/html' }
const ANY_VERSION = { 'if-match': '*' }

/** Encodes text for a header field: printable ASCII; `quoted` also for a quoted string. */
const inField = (text: string) =>
  encodeURIComponent(text).replace(/%(20|22|27|28|29|2F|3A|3B|3C|3D|3E|7B|7D)/g, unescape)
const quoted = (text: string) => inField(text).replace(/["\\]/g, '')

/** Requests with text that their own page shows. */
const REFLECTED: Record<string, (text: string) => InjectOptions> = {
  'the path of a 404': (text) => ({ url: `/${encodeURIComponent(text)}` }),
  'a path without percent-encoding': (text) => ({ url: `/${inField(text).replace(/[ #?]/g, '')}` }),
  'a path parameter': (text) => ({
    url: `/converters/string/${encodeURIComponent(text)}`,
  }),
  'a query': (text) => ({ url: `/hello?name=${encodeURIComponent(text)}` }),
  'an unknown query parameter': (text) => ({
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
  'an unknown member': (text) =>
    write('PUT', '/users/2', { ...ANY_VERSION, ...BROWSER }, { 2: 'n', [text]: 'x' }),
}

/** Writes that store text; each returns the request of a page that shows it. */
const STORED: Record<string, (text: string, app: FastifyInstance) => Promise<InjectOptions>> = {
  'an article': async (text, app) => {
    const article = { title: text.replace(/[\u2028\u2029\n]/g, ' '), body: text, author: 'a' }
    await put(app, write('PUT', '/articles/123', ANY_VERSION, article))
    return { url: '/articles/123' }
  },
  'the author in a list': async (text, app) => {
    const author = text.replace(/[\u2028\u2029\n]/g, ' ')
    await put(app, write('PUT', '/articles/123', ANY_VERSION, { title: 't', body: 'b', author }))
    return { url: '/articles' }
  },
  'a user': async (text, app) => {
    const name = text.replace(/[\u2028\u2029\n]/g, ' ')
    await put(app, write('PUT', '/users/2', ANY_VERSION, { 2: name }))
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
  if (!String(headers['content-type']).startsWith('text/html'))
    throw new Error('the response is not a page')
  return body
}

/** Attributes whose value may be text of a client. */
const TEXT_ATTRIBUTES = ['data-draft', 'href', 'value']

/** Returns the markup of a page without text: its elements and their attributes. */
function skeletonOf(markup: string): string[] {
  return readPage(markup).elements.map(({ name, attributes }) => {
    const pairs = Object.entries(attributes).map(([key, value]) => {
      return TEXT_ATTRIBUTES.includes(key) ? key : `${key}=${value}`
    })
    return [name, ...pairs].join(' ')
  })
}

/** Allowed link targets: http(s) URLs, paths of this service, and the main element. */
const TARGET = /^(?:https?:\/\/|\/(?![/\\])|#main$)/i

function expectSameMarkup(t: Test, text: string, hostile: string, plain: string) {
  const { elements, errors } = readPage(hostile)
  t.same(errors, [], `a page with ${encodeURIComponent(text)} is valid HTML`)
  t.same(skeletonOf(hostile), skeletonOf(plain), 'with the same elements')
  const targets = elements.flatMap(({ attributes: { href } }) => href ?? [])
  t.same(
    targets.filter((href) => !TARGET.test(href)),
    [],
    'with no other links',
  )
}

for (const [place, get] of Object.entries(REFLECTED)) {
  t.test(`a page escapes markup in ${place}`, async (t) => {
    const app = await build(t)
    for (const text of HOSTILE) {
      const plain = await pageOf(app, get(text.replace(/[^a-z/]/gi, '_')))
      expectSameMarkup(t, text, await pageOf(app, get(text)), plain)
    }
  })
}

for (const [place, store] of Object.entries(STORED)) {
  t.test(`a page escapes stored markup in ${place}`, async (t) => {
    const app = await build(t)
    await store('plain', app) // so that each list has a next page
    const plain = await pageOf(app, await store('plain', app))
    for (const text of HOSTILE)
      expectSameMarkup(t, text, await pageOf(app, await store(text, app)), plain)
  })
}
