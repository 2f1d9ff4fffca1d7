import { JSON_PATCH, MERGE_PATCH } from '../../src/http/patch.ts'
import { AUTHORIZATION, build, expectReply } from '../app.ts'
import { testOnEachEngine } from '../engines.ts'

const TITLE = 'Implementing a RESTful Web API'
const ACCEPT_PATCH = `${MERGE_PATCH}, ${JSON_PATCH}`

/** A patch of the article 123 by someone who may, of the version that it has at first. */
function patch(type: string, payload: unknown, fields: Record<string, string> = {}) {
  return {
    method: 'PATCH',
    url: '/articles/123',
    headers: {
      accept: 'application/json',
      authorization: AUTHORIZATION,
      'content-type': type,
      'if-match': '"1-json"',
      ...fields,
    },
    payload: JSON.stringify(payload),
  } as const
}

const APPLIED: [type: string, payload: unknown][] = [
  [MERGE_PATCH, { title: 'Another' }],
  [MERGE_PATCH, { title: 'Another', id: 123 }],
  [JSON_PATCH, [{ op: 'replace', path: '/title', value: 'Another' }]],
  [
    JSON_PATCH,
    [
      { op: 'test', path: '/id', value: 123 },
      { op: 'add', path: '/title', value: 'Another' },
    ],
  ],
]

for (const [type, payload] of APPLIED) {
  testOnEachEngine(
    `PATCH as ${type} ${JSON.stringify(payload)} changes what it names`,
    async (t) => {
      const app = await build(t)
      const reply = await expectReply(t, app, patch(type, payload), {})
      t.match(reply.headers.etag, /^"2\.[0-9a-f]{16}-json"$/)
      t.match(reply.json(), { id: 123, title: 'Another', author: 'Luis Rei' })
      t.match(await app.stores.articles.find(123), { version: /^2\./, article: reply.json() })
    },
  )
}

const REFUSED: [type: string, payload: unknown, status: number, pointer?: string][] = [
  [MERGE_PATCH, {}, 400, ''],
  [MERGE_PATCH, ['title'], 400, ''],
  [MERGE_PATCH, { title: null }, 422, '/title'],
  [MERGE_PATCH, { title: '' }, 422, '/title'],
  [MERGE_PATCH, { title: 1 }, 422, '/title'],
  [MERGE_PATCH, { author: 'two\nlines' }, 422, '/author'],
  [MERGE_PATCH, { id: 5 }, 422, '/id'],
  [MERGE_PATCH, { id: null }, 422, '/id'],
  [MERGE_PATCH, { createdAt: '2026-01-01T00:00:00.000Z' }, 422, '/createdAt'],
  [MERGE_PATCH, { updatedAt: null }, 422, '/updatedAt'],
  [MERGE_PATCH, { subtitle: 'new' }, 422, '/subtitle'],
  [JSON_PATCH, [], 400, ''],
  [JSON_PATCH, [{ op: 'replace', path: 'title', value: 'A' }], 400, '/0/path'],
  [JSON_PATCH, [{ op: 'swap', path: '/title' }], 400, '/0/op'],
  [JSON_PATCH, [{ op: 'remove', path: '/title' }], 422, '/title'],
  [JSON_PATCH, [{ op: 'remove', path: '/nope' }], 422],
  [JSON_PATCH, [{ op: 'replace', path: '/__proto__/title', value: 'Sneaky' }], 422],
  [JSON_PATCH, [{ op: 'add', path: '/constructor/prototype/title', value: 'Sneaky' }], 422],
  [JSON_PATCH, [{ op: 'add', path: '/__proto__', value: 'Sneaky' }], 422, '/__proto__'],
  [JSON_PATCH, [{ op: 'add', path: '/title/0', value: 'A' }], 422],
  [JSON_PATCH, [{ op: 'replace', path: '/title/length', value: 0 }], 422],
  [JSON_PATCH, [{ op: 'test', path: '/nope' }], 400],
  [JSON_PATCH, [{ op: 'copy', path: '/title' }], 400],
  [JSON_PATCH, [{ op: 'replace', path: '', value: 'A' }], 422, '/id'],
  [MERGE_PATCH, { constructor: 1, title: 'Another' }, 422, '/constructor'],
  [MERGE_PATCH, { title: 'Half', prototype: 1, body: 'B' }, 422, '/prototype'],
  [MERGE_PATCH, { hasOwnProperty: 1, title: null }, 422],
  [JSON_PATCH, [{ op: 'test', path: '/title', value: 'Another' }], 409],
  ['application/json', { title: 'Another' }, 415],
]

for (const [type, payload, status, pointer] of REFUSED) {
  testOnEachEngine(`PATCH as ${type} ${JSON.stringify(payload)} answers ${status}`, async (t) => {
    const app = await build(t)
    const headers = status === 415 ? { 'accept-patch': ACCEPT_PATCH } : {}
    const reply = await expectReply(t, app, patch(type, payload), { status, headers })
    if (pointer !== undefined) t.match(reply.json().errors, [{ in: 'body', pointer }])
    t.match(await app.stores.articles.find(123), { version: '1', article: { title: TITLE } })
  })
}

testOnEachEngine('PATCH is of a version that was seen, and of what is there', async (t) => {
  const app = await build(t)
  const change = { title: 'Another' }
  const stale = patch(MERGE_PATCH, change, { 'if-match': '"7-json"' })
  await expectReply(t, app, stale, { status: 412 })
  const { 'if-match': _seen, ...unconditional } = patch(MERGE_PATCH, change).headers
  const blind = { ...patch(MERGE_PATCH, change), headers: unconditional }
  await expectReply(t, app, blind, { status: 428 })
  await expectReply(t, app, { ...blind, url: '/articles/9' }, { status: 404 })
  const { authorization: _credentials, ...anonymous } = patch(MERGE_PATCH, change).headers
  await expectReply(t, app, { ...blind, headers: anonymous }, { status: 401 })
  t.match(await app.stores.articles.find(123), { version: '1' })
})

testOnEachEngine('OPTIONS says what a patch may be', async (t) => {
  const app = await build(t)
  const request = { method: 'OPTIONS', url: '/articles/123' } as const
  const headers = { 'accept-patch': ACCEPT_PATCH }
  await expectReply(t, app, request, { status: 204, headers })
})
