import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { ACCOUNT, AUTHORIZATION, buildWith } from '../app.ts'
import '../fixtures/register.ts'
import { skipUnless } from '../requirement.ts'
import { CACHES } from './caches.ts'

const SIGNED = { authorization: AUTHORIZATION }
const NOTE = { title: 'First', body: 'b', author: 'a' }

/** Registers routes that are protected as the README shows, and one that caches may store. */
async function routes(app: FastifyInstance) {
  const onRequest = app.requireAuth()
  app.get('/account', { onRequest }, async ({ principal }) => ({ name: principal?.name }))
  await app.register(async (scope) => {
    scope.addHook('onRequest', onRequest)
    scope.get('/account/scope', async ({ principal }) => ({ name: principal?.name }))
  })
  let count = 0
  const config = { cache: { public: true, maxAge: 600 } }
  app.get('/count', { config }, async () => ({ count: ++count }))
}

for (const { name, program, start } of CACHES) {
  t.test(name, { skip: skipUnless(program) }, async (t) => {
    const app = await buildWith(t, routes, ACCOUNT) // Varnish sends Via
    const url = await start(t, await app.listen({ host: '127.0.0.1', port: 0 }))

    async function send(method: string, path: string, fields: object = {}, body?: object) {
      const sent = body && { body: JSON.stringify(body) }
      const headers = {
        accept: 'application/json',
        ...(body && { 'content-type': 'application/json' }),
        ...fields,
      }
      const response = await fetch(url + path, { method, headers, ...sent })
      const text = await response.text()
      return { status: response.status, text, etag: String(response.headers.get('etag')) }
    }
    /** Reads twice, so that the second response may come from the cache. */
    async function read(path: string, fields: object = {}) {
      await send('GET', path, fields)
      return send('GET', path, fields)
    }

    t.test('a response with a lifetime is given to the next client', async (t) => {
      const first = await send('GET', '/count')
      t.match(first.text, /count/)
      t.equal((await send('GET', '/count')).text, first.text)
    })

    t.test('a read after a write sees the write', async (t) => {
      for (const title of ['Second', 'Third', 'Fourth']) {
        const { etag } = await read('/notes/123')
        const fields = { ...SIGNED, 'if-match': etag }
        const written = await send('PUT', '/notes/123', fields, { ...NOTE, title })
        t.equal(written.status, 200)
        t.match((await read('/notes/123')).text, title)
        t.match((await read('/notes')).text, title)
      }
    })

    t.test('a read after a 404 sees the resource that a PUT has created', async (t) => {
      t.equal((await read('/notes/77')).status, 404)
      t.equal((await send('PUT', '/notes/77', SIGNED, NOTE)).status, 201)
      t.match(await read('/notes/77'), { status: 200, text: 'First' })
      t.equal((await send('DELETE', '/notes/77', { ...SIGNED, 'if-match': '*' })).status, 204)
      t.equal((await read('/notes/77')).status, 404)
    })

    for (const path of ['/account', '/account/scope', '/vault']) {
      t.test(`nobody else gets the response to an account from ${path}`, async (t) => {
        t.equal((await read(path, SIGNED)).status, 200)
        t.equal((await read(path)).status, 401)
        t.equal((await read(path, SIGNED)).status, 200)
      })
    }
  })
}
