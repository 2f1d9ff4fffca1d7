import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { build, expectReply } from '../app.ts'
import { testOnEachEngine } from '../engines.ts'
import '../fixtures/register.ts'

const JSON_ONLY = { accept: 'application/json' }
const NONE = { 'x-total-count': undefined, 'preference-applied': undefined }
const ONE = { 'x-total-count': '1', 'preference-applied': 'count=exact' }

const PREFERENCES: [prefer: string, headers: Record<string, string | undefined>][] = [
  ['count=exact', ONE],
  ['handling=lenient, COUNT="exact"; a=b, count=estimated', ONE],
  ['count=estimated', { ...ONE, 'preference-applied': 'count=estimated' }],
  ['count=planned', NONE],
  ['count=all, count=exact', NONE],
  ['count', NONE],
  ['return=minimal', NONE],
]

testOnEachEngine('Prefer: count adds the number of all items to a list', async (t) => {
  const app = await build(t)
  const url = '/notes?limit=1'
  for (const [prefer, headers] of PREFERENCES) {
    await expectReply(t, app, { url, headers: { ...JSON_ONLY, prefer } }, { headers })
  }
  await expectReply(t, app, { url, headers: JSON_ONLY }, { headers: NONE })
  const filtered = { url: `${url}&author=nobody`, headers: { ...JSON_ONLY, prefer: 'count=exact' } }
  await expectReply(t, app, filtered, { headers: { ...ONE, 'x-total-count': '0' } })
})

async function expectCount(t: Test, app: FastifyInstance, accept: string) {
  const headers = { accept, prefer: 'count=exact' }
  const { body } = await expectReply(t, app, { url: '/notes', headers }, { headers: ONE })
  return body
}

t.test('each representation has the same header fields, and HEAD too', async (t) => {
  const app = await build(t)
  for (const accept of ['application/json', 'application/xml']) await expectCount(t, app, accept)
  t.match(await expectCount(t, app, 'text/html'), /X-Total-Count[^\n]*\n?.*1/)
  const head = { method: 'HEAD', url: '/notes', headers: { prefer: 'count=exact' } } as const
  await expectReply(t, app, head, { headers: ONE })
})

t.test('a list varies by Prefer, but its entity tag stays the same', async (t) => {
  const app = await build(t)
  const plain = await app.inject({ url: '/notes', headers: JSON_ONLY })
  t.equal(plain.headers.vary, 'Accept, Accept-Encoding, Prefer')
  const known = { ...JSON_ONLY, prefer: 'count=exact', 'if-none-match': String(plain.headers.etag) }
  const again = await app.inject({ url: '/notes', headers: known })
  t.match(again, { statusCode: 304, headers: { ...ONE, vary: plain.headers.vary } })
})

t.test('an error does not have the number of all items', async (t) => {
  const app = await build(t)
  const headers = { prefer: 'count=exact', 'if-match': '"another"' }
  await expectReply(t, app, { url: '/notes', headers }, { status: 412, headers: NONE })
})

t.test('the OpenAPI document describes the count of lists, and of nothing else', async (t) => {
  const app = await build(t)
  await app.ready()
  const { paths, components } = app.openApiDocument()
  const { get, post } = Object(paths['/notes'])
  t.ok(get.responses[200].headers['X-Total-Count'])
  t.ok(get.responses[200].headers['Preference-Applied'])
  t.match(JSON.stringify(get.parameters), 'parameters/PreferCount"')
  t.match(JSON.stringify(post.parameters), 'parameters/Prefer"')
  t.match(JSON.stringify(components.parameters.PreferCount), /Up to 10,000 items are counted/)
  t.notMatch(JSON.stringify(Object(paths['/notes/{noteId}']).get), /Prefer/)
})
