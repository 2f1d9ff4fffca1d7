import { createUserStore } from '../../../routes/users/store.ts'
import { JSON_PATCH, MERGE_PATCH } from '../../../src/http/patch.ts'
import { build, expectReply, patch } from '../../app.ts'
import { testOnEachEngine } from '../../engines.ts'
import { testPatch } from '../patch-checks.ts'

testPatch('/users/2', createUserStore, { 2: 'steven' })

const APPLIED: [type: string, payload: unknown][] = [
  [MERGE_PATCH, { 2: 'steven' }],
  [MERGE_PATCH, { 2: 'steven', 3: null }],
  [JSON_PATCH, [{ op: 'replace', path: '/2', value: 'steven' }]],
  [JSON_PATCH, [{ op: 'replace', path: '', value: { 2: 'steven' } }]],
  [
    JSON_PATCH,
    [
      { op: 'test', path: '/2', value: 'steve' },
      { op: 'add', path: '/2', value: 'steven' },
    ],
  ],
]

for (const [type, payload] of APPLIED) {
  testOnEachEngine(
    `PATCH of a user as ${type} ${JSON.stringify(payload)} changes the name`,
    async (t) => {
      const app = await build(t)
      const expected = { body: '{"2":"steven"}' }
      const { headers } = await expectReply(t, app, patch('/users/2', type, payload), expected)
      t.match(headers.etag, /^"2\.[0-9a-f]{16}-json"$/)
      t.match(await app.store(createUserStore).find(2), {
        version: /^2\./,
        user: { name: 'steven' },
      })
    },
  )
}

const REFUSED: [type: string, payload: unknown, status: number, ...pointers: string[]][] = [
  [MERGE_PATCH, ['steven'], 400, ''],
  [MERGE_PATCH, null, 400, ''],
  [MERGE_PATCH, { 2: null }, 422, '/2'],
  [MERGE_PATCH, { 2: '' }, 422, '/2'],
  [MERGE_PATCH, { 2: 1 }, 422, '/2'],
  [MERGE_PATCH, { 2: { name: 'steven' } }, 422, '/2'],
  [MERGE_PATCH, { 2: 'two\nlines' }, 422, '/2'],
  [MERGE_PATCH, { 2: 'NUL \0' }, 422, '/2'],
  [MERGE_PATCH, { 2: 'half \ud800' }, 422, '/2'],
  [MERGE_PATCH, { 2: 'a'.repeat(101) }, 422, '/2'],
  [MERGE_PATCH, { 3: 'steven' }, 422, '/3'],
  [MERGE_PATCH, { 2: null, 3: 'steven' }, 422, '/3', '/2'],
  [MERGE_PATCH, { name: 'steven' }, 422, '/name'],
  [MERGE_PATCH, { constructor: 'x' }, 422, '/constructor'],
  [JSON_PATCH, [{ op: 'replace', path: '2', value: 'steven' }], 400, '/0/path'],
  [JSON_PATCH, [{ op: 'replace', path: '/3', value: 'steven' }], 422],
  [JSON_PATCH, [{ op: 'add', path: '/3', value: 'steven' }], 422, '/3'],
  [JSON_PATCH, [{ op: 'add', path: '/__proto__', value: 'steven' }], 422, '/__proto__'],
  [JSON_PATCH, [{ op: 'move', from: '/2', path: '/3' }], 422, '/3', '/2'],
  [JSON_PATCH, [{ op: 'remove', path: '/2' }], 422, '/2'],
  [JSON_PATCH, [{ op: 'remove', path: '' }], 422, ''],
  [JSON_PATCH, [{ op: 'replace', path: '', value: 'steven' }], 422, ''],
  [JSON_PATCH, [{ op: 'replace', path: '', value: ['a', 'b', 'c'] }], 422, ''],
  [JSON_PATCH, [{ op: 'test', path: '/2', value: 'bill' }], 409],
]

for (const [type, payload, status, ...pointers] of REFUSED) {
  const shown = JSON.stringify(payload).slice(0, 60)
  testOnEachEngine(`PATCH of a user as ${type} ${shown} returns ${status}`, async (t) => {
    const app = await build(t)
    const reply = await expectReply(t, app, patch('/users/2', type, payload), { status })
    const { errors = [] } = reply.json()
    t.same(new Set(errors.map(({ pointer }: { pointer: string }) => pointer)), new Set(pointers))
    t.match(await app.store(createUserStore).find(2), { version: '1', user: { name: 'steve' } })
    t.equal((await app.store(createUserStore).find(3))?.version, '1')
  })
}
