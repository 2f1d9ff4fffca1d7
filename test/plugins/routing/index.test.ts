import type { FastifyPluginAsync } from 'fastify'
import t from 'tap'
import { problemResponses } from '../../../src/schemas/responses.ts'
import { build, buildWith, createLog, expectReply } from '../../app.ts'
import '../../fixtures/register.ts'

declare module '../../../plugins/routing/index.ts' {
  interface NamedRoutes {
    readFixtureShelf: { name: string }
    readFixtureKind: { kind: 'novel' | 'comic' }
    readFixtureTree: { '*': string }
  }
}

/** Registers named routes with each kind of path parameter. */
const library: FastifyPluginAsync = async (app) => {
  app.get('/shelves/:name', { schema: { operationId: 'readFixtureShelf' } }, async () => '')
  app.get('/kinds/:kind', { schema: { operationId: 'readFixtureKind' } }, async () => '')
  app.get('/trees/*', { schema: { operationId: 'readFixtureTree' } }, async () => '')
}

const MIRROR = 'DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT'

/** Resources with the methods that they allow, and a method that they do not support. */
const RESOURCES = [
  { url: '/', allow: 'GET, HEAD, OPTIONS', refused: 'POST' },
  { url: '/notes', allow: 'GET, HEAD, OPTIONS, POST', refused: 'PUT' },
  { url: '/notes/123', allow: 'DELETE, GET, HEAD, OPTIONS, PATCH, PUT', refused: 'POST' },
  { url: '/greeting', allow: 'GET, HEAD, OPTIONS', refused: 'DELETE' },
  { url: '/greeting?name=Luis', allow: 'GET, HEAD, OPTIONS', refused: 'DELETE' },
  { url: '/files', allow: 'OPTIONS, POST', refused: 'PUT' },
  { url: '/files/7', allow: 'GET, HEAD, OPTIONS', refused: 'PUT' },
  { url: '/vault', allow: 'GET, HEAD, OPTIONS', refused: 'POST' },
  { url: '/journal', allow: 'GET, HEAD, OPTIONS', refused: 'DELETE' },
  { url: '/trees/a/b/c', allow: 'GET, HEAD, OPTIONS', refused: 'PUT' },
  { url: '/greeting/luis', allow: 'GET, HEAD, OPTIONS', refused: 'PUT' },
] as const

t.test('OPTIONS returns 204 with Allow, without credentials', async (t) => {
  const app = await buildWith(t, library)
  for (const { url, allow } of [...RESOURCES, { url: '/mirror', allow: MIRROR }]) {
    await expectReply(
      t,
      app,
      { method: 'OPTIONS', url },
      { status: 204, body: '', headers: { allow } },
    )
  }
})

t.test('a method that the resource does not support gets 405 with Allow', async (t) => {
  const app = await buildWith(t, library)
  for (const { url, allow, refused } of RESOURCES) {
    const [path] = url.split('?')
    const message = `Method Not Allowed: ${refused} ${path} (allowed: ${allow})`
    await expectReply(
      t,
      app,
      { method: refused, url },
      {
        status: 405,
        headers: { allow },
        body: { status: 405, message },
      },
    )
  }
})

t.test('a method that no resource supports gets 501, and no error is logged', async (t) => {
  const log = createLog()
  const app = await build(t, {}, { logDestination: log })
  for (const method of ['TRACE', 'PROPFIND'] as const) {
    await expectReply(
      t,
      app,
      { method, url: '/greeting' },
      {
        status: 501,
        headers: { allow: undefined },
        body: { status: 501, message: `Not Implemented: no resource supports ${method}` },
      },
    )
  }
  t.same(
    log.lines.filter(({ level }) => level === 'error'),
    [],
  )
})

t.test('a URL without a resource gets 404 for every method', async (t) => {
  const app = await buildWith(t, library)
  const urls = ['/nope', '/nope?a=1&b=2', '/Greeting', '/greeting/', '//greeting', '//', '/notes/']
  urls.push('/kinds', '/kinds/', '/trees/')
  for (const method of ['GET', 'POST', 'OPTIONS', 'TRACE'] as const) {
    for (const url of urls) {
      await expectReply(
        t,
        app,
        { method, url, headers: { host: '127.0.0.1:5000' } },
        {
          status: 404,
          headers: { allow: undefined },
          body: { status: 404, message: `Not Found: http://127.0.0.1:5000${url}` },
        },
      )
    }
  }
})

t.test('a query that is not percent-encoded UTF-8 gets 400 on every path', async (t) => {
  const app = await build(t)
  const message = 'Bad Request: the query is not valid percent-encoded UTF-8'
  for (const url of ['/greeting?name=%zz', '/greeting?name=%ff', '/nope?%f', '/notes/2?a?%C3']) {
    await expectReply(t, app, { url }, { status: 400, body: { status: 400, message } })
  }
})

const READABLE = ['/', '/notes', '/notes/123', '/greeting']
const REFUSED = ['/vault', '/notes/4', '/notes/x', '/nope', '/greeting?nam=x']

t.test('HEAD returns the status and header fields of GET, without a body', async (t) => {
  const app = await build(t, { TRUST_PROXY: '127.0.0.1' })
  for (const url of [...READABLE, ...REFUSED]) {
    for (const accept of ['*/*', 'application/json', 'application/xml', 'text/html', 'image/png']) {
      const request = { url, headers: { accept, 'x-request-id': 'same' } }
      const get = await app.inject({ ...request, method: 'GET' })
      const head = await app.inject({ ...request, method: 'HEAD' })
      t.equal(head.statusCode, get.statusCode, `HEAD ${url} has the status of GET for ${accept}`)
      t.same(
        { ...head.headers, date: '' },
        { ...get.headers, date: '' },
        'HEAD has the header fields of GET',
      )
      t.equal(
        get.headers['content-length'],
        String(Buffer.byteLength(get.body)),
        'Content-Length is the length of the body',
      )
      t.equal(head.body, '', 'HEAD has no body')
    }
  }
})

t.test('urlFor() returns the percent-encoded path of a named route', async (t) => {
  const app = await buildWith(t, library)
  t.equal(app.urlFor('listEntryPoints'), '/')
  t.equal(app.urlFor('listFixtureNotes'), '/notes')
  t.equal(app.urlFor('readFixtureNote', { noteId: 123 }), '/notes/123')
  t.equal(app.urlFor('readFixtureShelf', { name: 'a/b c?é' }), '/shelves/a%2Fb%20c%3F%C3%A9')
  t.equal(app.urlFor('readFixtureTree', { '*': 'a/b c' }), '/trees/a/b%20c')
  t.equal(app.urlFor('readFixtureKind', { kind: 'comic' }), '/kinds/comic')
})

t.test('urlFor() and the type checker refuse wrong names and parameters', async (t) => {
  const app = await buildWith(t, library)
  const throws = (call: () => string, message: string) =>
    t.throws(call, new TypeError(message), message)
  // @ts-expect-error no route has this name
  throws(() => app.urlFor('readNothing'), 'no route is named "readNothing"')
  // @ts-expect-error no route has this name, although every object has this member
  throws(() => app.urlFor('constructor'), 'no route is named "constructor"')
  // @ts-expect-error the route has a parameter
  throws(() => app.urlFor('readFixtureNote'), '/notes/:noteId needs a value for noteId')
  // @ts-expect-error the parameter has another name
  throws(() => app.urlFor('readFixtureNote', { id: 2 }), '/notes/:noteId needs a value for noteId')
  // @ts-expect-error the route has one parameter
  const excess = () => app.urlFor('readFixtureNote', { noteId: 2, page: 1 })
  throws(excess, '/notes/:noteId has no parameter page')
  // @ts-expect-error the route has no parameter
  throws(() => app.urlFor('listFixtureNotes', { page: 2 }), '/notes has no parameter page')
  // @ts-expect-error the parameter is a number
  t.equal(app.urlFor('readFixtureNote', { noteId: '2' }), '/notes/2', 'unchecked at run time')
  // @ts-expect-error the value is not in the route's enumeration
  t.equal(app.urlFor('readFixtureKind', { kind: 'other' }), '/kinds/other')
  const up = '/trees/* cannot hold ".." as *'
  throws(() => app.urlFor('readFixtureTree', { '*': 'a/../b' }), up)
})

t.test('urlFor(), 404 and OPTIONS work for routes with a prefix and a pattern', async (t) => {
  const app = await buildWith(t, async (app) => {
    await app.register(
      async (scope) => {
        const schema = { operationId: 'readYear', response: problemResponses(404) }
        scope.get('/years/:year(^\\d{4}$)', { schema }, async ({ params }) => params)
        scope.put('/years/:year(^\\d{4}$)', async () => 'put')
        scope.get('/', async () => 'the root of the scope')
      },
      { prefix: '/v1' },
    )
  })
  t.equal(Reflect.apply(app.urlFor, app, ['readYear', { year: 2012 }]), '/v1/years/2012')
  await expectReply(t, app, { url: '/v1/years/x' }, { status: 404 })
  for (const [url, allow] of [
    ['/v1/years/2012', 'GET, HEAD, OPTIONS, PUT'],
    ['/v1', 'GET, HEAD, OPTIONS'],
  ]) {
    await expectReply(t, app, { method: 'OPTIONS', url }, { status: 204, headers: { allow } })
  }
})

t.test('the root of a prefix has the same methods with and without a trailing slash', async (t) => {
  const app = await buildWith(t, async (app) => {
    const root: FastifyPluginAsync = async (scope) => {
      scope.get('/', async () => 'read')
      const schema = { body: { content: { 'application/merge-patch+json': { schema: {} } } } }
      scope.patch('/', { schema }, async () => 'patched')
    }
    await app.register(root, { prefix: '/both' })
    await app.register(root, { prefix: '/of/:owner' })
    await app.register(async (scope) => void scope.get('', async () => 'read'), {
      prefix: '/bare',
    })
  })
  const headers = { allow: 'GET, HEAD, OPTIONS, PATCH' }
  for (const url of ['/both', '/both/', '/of/me', '/of/me/']) {
    const patch = { 'accept-patch': 'application/merge-patch+json' }
    const expected = { status: 204, headers: { ...headers, ...patch } }
    await expectReply(t, app, { method: 'OPTIONS', url }, expected)
    await expectReply(t, app, { method: 'PUT', url }, { status: 405, headers })
    await expectReply(t, app, { url }, { body: 'read' })
  }
  await expectReply(t, app, { url: '/bare' }, { body: 'read' })
  await expectReply(t, app, { method: 'OPTIONS', url: '/bare/' }, { status: 404 })
})

t.test('two routes with the same name make the start fail', async (t) => {
  const schema = { operationId: 'readFixtureNote' }
  await t.rejects(
    buildWith(t, async (app) => void app.get('/again', { schema }, async () => '')),
    new TypeError('two routes are named "readFixtureNote"'),
  )
})

t.test('an unsupported method with a segment that is too long gets 405, not 404', async (t) => {
  const app = await buildWith(t, library)
  const url = `/shelves/${'a'.repeat(200)}`
  await expectReply(
    t,
    app,
    { method: 'DELETE', url },
    {
      status: 405,
      headers: { allow: 'GET, HEAD, OPTIONS' },
    },
  )
})
