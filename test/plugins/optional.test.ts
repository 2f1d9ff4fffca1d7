import { readdirSync, readFileSync } from 'node:fs'
import { join, parse } from 'node:path'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { RESOURCES } from '../../src/resources.ts'
import { AUTHORIZATION, build, write } from '../app.ts'
import '../fixtures/register.ts'

const PLUGINS = join(import.meta.dirname, '../../plugins')

/** Plugins that the service always needs: error documents, media types, 404 and 405, request ids and shutdown. */
const CORE = ['errors', 'negotiation', 'routing', 'logging', 'connection']

/**
 * Resources and plugins that call a decorator of the plugin, so they must be left out together with it. A plugin that
 * is not a key here can be left out alone.
 */
const NEEDED_BY: Record<string, string[]> = {
  auth: resourcesThatCall('requireAuth'),
  'conditional-requests': resourcesThatCall('version'),
  idempotency: resourcesThatCall('idempotent'),
  sensible: resourcesThatCall('cacheControl'),
  storage: [...resourcesThatCall('store'), 'idempotency'],
}

function resourcesThatCall(decorator: string): string[] {
  return RESOURCES.flatMap((directory) =>
    readdirSync(directory).filter((name) =>
      readFileSync(join(directory, name, 'index.ts'), 'utf8').includes(`.${decorator}(`),
    ),
  )
}

const OPTIONAL = readdirSync(PLUGINS)
  .map((file) => parse(file).name)
  .filter((name) => !CORE.includes(name))

for (const plugin of OPTIONAL) {
  const without = [plugin, ...(NEEDED_BY[plugin] ?? [])]
  t.test(`the service works without ${without.join(', ')}`, async (t) => {
    const app = await build(t, {}, { without })
    await app.ready()
    t.equal(app.hasPlugin(plugin), false, `${plugin} is left out`)
    for (const url of readableUrls(app)) {
      const { statusCode } = await app.inject({ url, headers: { authorization: AUTHORIZATION } })
      t.ok(statusCode < 500, `GET ${url} returns ${statusCode}`)
    }
    const read = await app.inject({ url: '/greeting', headers: { accept: 'application/json' } })
    t.same(
      [read.statusCode, read.json()],
      [200, { message: 'Hello' }],
      'the service responds to a read',
    )

    const hasNotes = !without.includes('notes')
    const body = { title: 'Title', body: 'Body', author: 'Author' }
    const url = hasNotes ? '/notes' : '/mirror'
    const reply = await app.inject(write('POST', url, { accept: 'application/json' }, body))
    t.equal(reply.statusCode, hasNotes ? 201 : 200, 'the service responds to a write')
    t.match(reply.body, 'Title')
  })
}

/** Returns the URLs of all routes with GET. Each parameter has the value 1. */
function readableUrls(app: FastifyInstance): string[] {
  return app.routeInfos
    .filter(({ method }) => method === 'GET')
    .map(({ path }) => path.replace(/:[^/]+|\*/g, '1'))
}

t.test('a browser gets JSON if html-pages is left out', async (t) => {
  const app = await build(t, {}, { without: ['html-pages'] })
  for (const [url, status] of [
    ['/notes/4', 404],
    ['/notes', 200],
  ] as const) {
    const reply = await app.inject({ url, headers: { accept: 'text/html,application/json;q=0.9' } })
    t.equal(reply.statusCode, status)
    t.match(reply.headers['content-type'], 'application/json')
    t.ok(reply.json(), 'the body is JSON')
  }
})

t.test('all optional plugins can be left out together', async (t) => {
  const app = await build(t, {}, { without: [...OPTIONAL, ...Object.values(NEEDED_BY).flat()] })
  t.equal((await app.inject('/greeting')).statusCode, 200)
  t.equal((await app.inject({ method: 'POST', url: '/mirror', payload: { a: 1 } })).statusCode, 200)
  t.equal((await app.inject('/nowhere')).statusCode, 404)
})
