import type { FastifyInstance } from 'fastify'
import { createUserStore } from '../../../routes/users/store.ts'
import { build, expectReply, write } from '../../app.ts'
import { testOnEachEngine } from '../../engines.ts'

const TYPE = 'application/json; charset=utf-8'

async function nameOf(app: FastifyInstance, id = 2) {
  return (await app.store(createUserStore).find(id))?.user.name
}

testOnEachEngine('POST /users creates a user and returns its Location', async (t) => {
  const app = await build(t)
  const request = write('POST', '/users', {}, { name: 'zoe' })
  const created = await expectReply(t, app, request, {
    status: 201,
    type: TYPE,
    headers: { location: '/users/4' },
    body: '{"4":"zoe"}',
  })
  const etag = String(created.headers.etag)
  t.match(etag, /^"1\.[0-9a-f]{16}-json"$/)
  await expectReply(t, app, { url: '/users/4' }, { body: '{"4":"zoe"}', headers: { etag } })
})

testOnEachEngine('POST /users with one Idempotency-Key creates one user', async (t) => {
  const app = await build(t)
  const request = write('POST', '/users', { 'idempotency-key': 'a' }, { name: 'zoe' })
  const expected = { status: 201, headers: { location: '/users/4' }, body: '{"4":"zoe"}' }
  const { headers } = await expectReply(t, app, request, expected)
  const repeat = await expectReply(t, app, request, expected)
  t.equal(repeat.headers.etag, headers.etag)
  await expectReply(t, app, { ...request, payload: { name: 'joe' } }, { status: 422 })
  t.equal(await nameOf(app, 5), undefined)
})

for (const [method, url, payload] of [
  ['POST', '/users', { name: 'zoe' }],
  ['PUT', '/users/2', { 2: 'steven' }],
  ['PUT', '/users/4', { 4: 'zoe' }],
  ['DELETE', '/users/2', undefined],
] as const) {
  testOnEachEngine(`${method} ${url} requires the scope write`, async (t) => {
    const reader = async () => ({ name: 'reader', scopes: [] })
    const anonymous = { method, url, ...(payload && { payload }) }
    await expectReply(t, await build(t), anonymous, { status: 401 })
    const app = await build(t, {}, { authenticate: reader })
    await expectReply(t, app, write(method, url, { 'if-match': '*' }, payload), { status: 403 })
    t.equal(await nameOf(app), 'steve')
    t.equal(await nameOf(app, 4), undefined)
  })
}

/** Invalid names. */
const NO_NAMES = [
  '',
  ' ',
  'a'.repeat(101),
  'two\nlines',
  'two\u2028lines',
  'escape \u001b',
  'a\u0085',
  'NUL \0',
  'half \ud800',
  'half \udc00',
  1,
  null,
  ['zoe'],
  { zoe: 1 },
]

/** Shortens a payload for a test title, and replaces characters that would break the report of the tests. */
const shown = (payload: object) =>
  JSON.stringify(payload)
    .replace(/[^ -~]/g, '?')
    .slice(0, 60)

/** Invalid bodies of a new user, with the members that the error names. */
const NO_NEW_USERS: [payload: object, ...pointers: string[]][] = [
  ...NO_NAMES.map((name): [object, string] => [{ name }, '/name']),
  [{}, '/name'],
  [{ name: 'zoe', id: 4 }, '/id'],
  [{ 4: 'zoe' }, '/4', '/name'],
  [[{ name: 'zoe' }], ''],
]

for (const [payload, ...pointers] of NO_NEW_USERS) {
  testOnEachEngine(
    `a new user ${shown(payload)} gets 400 for ${pointers.join(' and ') || 'the body'}`,
    async (t) => {
      const app = await build(t)
      const request = write('POST', '/users', {}, payload)
      const { errors } = (await expectReply(t, app, request, { status: 400 })).json()
      t.same(new Set(errors.map(({ pointer }: { pointer: string }) => pointer)), new Set(pointers))
      t.equal(await nameOf(app, 4), undefined)
    },
  )
}

/** Invalid bodies of user 2, with the members that the error names. */
const NOT_THE_USER: [payload: string, ...pointers: string[]][] = [
  ...NO_NAMES.map((name): [string, string] => [JSON.stringify({ 2: name }), '/2']),
  ['{}', '/2'],
  ['{"3":"bill"}', '/3', '/2'],
  ['{"2":"steven","3":"bill"}', '/3'],
  ['{"name":"steven"}', '/name', '/2'],
  ['{"02":"steven"}', '/02', '/2'],
  ['{"2":"steven","a/b~c":"x"}', '/a~1b~0c'],
  ['{"2":"steven","a\\nb":1}', '/a\nb'],
  ['{"2":"steven","__proto__":"x"}'], // the parser refuses this member name
  ['{"2":"steven","2":"bill"}'], // the parser refuses repeated members
  ['{"2":"steven","constructor":"x"}', '/constructor'],
  ['["steven"]', ''],
  ['["a","b","steven"]', ''],
  ['"steven"', ''],
  ['null', ''],
]

for (const [payload, ...pointers] of NOT_THE_USER) {
  testOnEachEngine(
    `PUT /users/2 of ${shown({ payload })} returns 400 with errors at ${shown(pointers)}`,
    async (t) => {
      const app = await build(t)
      const fields = { 'if-match': '*', 'content-type': 'application/json' }
      const request = write('PUT', '/users/2', fields, payload)
      const { errors = [] } = (await expectReply(t, app, request, { status: 400 })).json()
      t.same(new Set(errors.map(({ pointer }: { pointer: string }) => pointer)), new Set(pointers))
      t.match(await app.store(createUserStore).find(2), { user: { name: 'steve' }, version: '1' })
      t.equal((await app.store(createUserStore).find(3))?.version, '1')
    },
  )
}

testOnEachEngine('PUT /users/:userId reports unknown and missing members', async (t) => {
  const app = await build(t)
  const request = write('PUT', '/users/2', { 'if-match': '*' }, { 3: 'bill' })
  const reply = await expectReply(t, app, request, { status: 400 })
  t.same(reply.json().errors, [
    { in: 'body', pointer: '/3', message: 'is unknown' },
    { in: 'body', pointer: '/2', message: 'is required' },
  ])
})

testOnEachEngine('POST /users accepts a name of the maximum length in any script', async (t) => {
  const app = await build(t)
  for (const name of ['日本 😀', "O'Brien <b>", '😀'.repeat(100), '__proto__']) {
    const created = await expectReply(t, app, write('POST', '/users', {}, { name }), {
      status: 201,
    })
    const [[id, kept] = []] = Object.entries(created.json())
    t.equal(kept, name)
    t.equal(await nameOf(app, Number(id)), name)
  }
})

testOnEachEngine('POST and PUT return 415 for a body that is not JSON', async (t) => {
  const app = await build(t)
  for (const [method, url] of [
    ['POST', '/users'],
    ['PUT', '/users/2'],
  ] as const) {
    const request = write(method, url, { 'content-type': 'text/plain' }, '{"2":"a"}')
    await expectReply(t, app, request, { status: 415, headers: { accept: 'application/json' } })
  }
})

testOnEachEngine('GET /users/:userId returns 304 for the current ETag', async (t) => {
  const app = await build(t)
  const headers = { 'if-none-match': '"1-json"' }
  const reply = await app.inject({ url: '/users/2', headers })
  t.equal(reply.statusCode, 304)
  t.equal(reply.body, '')
  t.match(reply.headers, { etag: '"1-json"', vary: 'Accept' })
  t.notOk(reply.headers['content-type'], 'a 304 has no Content-Type')
  for (const [accept, etag] of [
    ['application/xml', /^"1-xml"$/],
    ['text/html', /^"1-html-[\da-f]{16}"$/],
  ] as const) {
    const request = { url: '/users/2', headers: { ...headers, accept } }
    t.match((await expectReply(t, app, request, {})).headers.etag, etag)
  }
  await expectReply(
    t,
    app,
    { url: '/users/2', headers: { 'if-match': '"7-json"' } },
    { status: 412, headers: { etag: undefined } },
  )
})

testOnEachEngine('PUT /users/:userId replaces the version that If-Match names', async (t) => {
  const app = await build(t)
  const payload = { 2: 'steven' }
  const request = write('PUT', '/users/2', { 'if-match': '"1-json"' }, payload)
  const replaced = await expectReply(t, app, request, { body: '{"2":"steven"}' })
  t.match(replaced.headers.etag, /^"2\.[0-9a-f]{16}-json"$/)
  await expectReply(t, app, request, { status: 412 })
  await expectReply(t, app, write('PUT', '/users/2', {}, payload), { status: 428 })
  const absent = write('PUT', '/users/2', { 'if-none-match': '*' }, payload)
  await expectReply(t, app, absent, { status: 412 })
  t.match(await app.store(createUserStore).find(2), {
    user: { id: 2, name: 'steven' },
    version: /^2\./,
  })
})

testOnEachEngine('PUT /users/:userId creates a missing user', async (t) => {
  const app = await build(t)
  const once = write('PUT', '/users/50', { 'if-none-match': '*' }, { 50: 'zoe' })
  const headers = { location: '/users/50' }
  await expectReply(t, app, once, { status: 201, headers, body: '{"50":"zoe"}' })
  await expectReply(t, app, once, { status: 412, headers: { location: undefined } })
  await expectReply(t, app, write('PUT', '/users/51', {}, { 51: 'zoe' }), { status: 201 })
  const expectant = write('PUT', '/users/52', { 'if-match': '*' }, { 52: 'zoe' })
  await expectReply(t, app, expectant, { status: 412 })
  const counted = write('POST', '/users', {}, { name: 'zoe' })
  await expectReply(t, app, counted, { status: 201, headers: { location: '/users/52' } })
})

testOnEachEngine(
  'PUT /users/:userId creates users up to the largest id that clients can choose',
  async (t) => {
    const app = await build(t)
    const huge = write('PUT', '/users/1000000000001', {}, { 1000000000001: 'zoe' })
    await expectReply(t, app, huge, { status: 404 })
    const large = write('PUT', '/users/1000000000000', {}, { 1000000000000: 'zoe' })
    await expectReply(t, app, large, { status: 201 })
  },
)

testOnEachEngine('DELETE /users/:userId deletes the version that If-Match names', async (t) => {
  const app = await build(t)
  await expectReply(t, app, write('DELETE', '/users/2'), { status: 428 })
  const stale = write('DELETE', '/users/2', { 'if-match': '"7-json"' })
  await expectReply(t, app, stale, { status: 412 })
  t.equal(await nameOf(app), 'steve')
  const request = write('DELETE', '/users/2', { 'if-match': '"1-xml"' })
  await expectReply(t, app, request, { status: 204, body: '' })
  await expectReply(t, app, { url: '/users/2' }, { status: 404 })
  await expectReply(t, app, request, { status: 404 })
  await expectReply(t, app, write('PUT', '/users/2', {}, { 2: 'new' }), { status: 201 })
  await expectReply(t, app, request, { status: 412 })
})

testOnEachEngine('no update is lost with 16 concurrent writers', async (t) => {
  const app = await build(t)
  async function update(writer: number): Promise<number> {
    const { headers } = await app.inject({ url: '/users/2' })
    const request = write('PUT', '/users/2', { 'if-match': headers.etag }, { 2: `by ${writer}` })
    return (await app.inject(request)).statusCode
  }
  const statuses = await Promise.all(Array.from({ length: 16 }, (_, writer) => update(writer)))
  t.same([...new Set(statuses)].sort(), [200, 412], 'some writers succeed, and the others get 412')
  const accepted = statuses.filter((status) => status === 200).length
  t.match((await app.store(createUserStore).find(2))?.version, new RegExp(`^${1 + accepted}\\.`))
})
