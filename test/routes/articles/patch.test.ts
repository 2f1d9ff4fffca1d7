import { createArticleStore } from '../../../routes/articles/store.ts'
import { JSON_PATCH, MERGE_PATCH } from '../../../src/http/patch.ts'
import { build, expectReply, patch } from '../../app.ts'
import { testOnEachEngine } from '../../engines.ts'
import { testPatch } from '../patch-checks.ts'

testPatch('/articles/123', createArticleStore, { title: 'Another' })

const TITLE = 'Implementing a RESTful Web API'

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
    `PATCH as ${type} ${JSON.stringify(payload)} changes the named members`,
    async (t) => {
      const app = await build(t)
      const request = patch('/articles/123', type, payload, { accept: 'application/json' })
      const reply = await expectReply(t, app, request, {})
      t.match(reply.headers.etag, /^"2\.[0-9a-f]{16}-json"$/)
      t.match(reply.json(), { id: 123, title: 'Another', author: 'Luis Rei' })
      t.match(await app.store(createArticleStore).find(123), {
        version: /^2\./,
        article: reply.json(),
      })
    },
  )
}

const REFUSED: [type: string, payload: unknown, status: number, pointer?: string][] = [
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
]

for (const [type, payload, status, pointer] of REFUSED) {
  testOnEachEngine(`PATCH as ${type} ${JSON.stringify(payload)} returns ${status}`, async (t) => {
    const app = await build(t)
    const reply = await expectReply(t, app, patch('/articles/123', type, payload), { status })
    if (pointer !== undefined) t.match(reply.json().errors, [{ in: 'body', pointer }])
    t.match(await app.store(createArticleStore).find(123), {
      version: '1',
      article: { title: TITLE },
    })
  })
}
