import type { AppOptions } from '../../../src/app.ts'
import { RESOURCES } from '../../../src/resources.ts'
import { NewOwner, type NewProject } from '../../fixtures/constrained/fixture-projects/schema.ts'
import {
  createOwnerStore,
  createProjectStore,
} from '../../fixtures/constrained/fixture-projects/store.ts'
import { CONSTRAINED } from '../../fixtures/folder.ts'
import '../../fixtures/register.ts'
import fc from 'fast-check'
import type { FastifyInstance, FastifyPluginAsync, InjectOptions } from 'fastify'
import type { Test } from 'tap'
import { buildWith, createLog, expectReply, write } from '../../app.ts'
import { testOnEachEngine, testOnPostgres } from '../../engines.ts'

RESOURCES.push(CONSTRAINED)

const FIRST = { name: 'First', code: 'a', ownerId: 1 }
const SECOND = { name: 'Second', code: 'b', ownerId: 1 }

/** Builds the app with an owner and two projects. */
async function buildWithProjects(
  t: Test,
  options: AppOptions = {},
  routes: FastifyPluginAsync = async () => {},
  environment: Record<string, string> = {},
): Promise<FastifyInstance> {
  const app = await buildWith(t, routes, environment, options)
  await app.inject(write('POST', '/fixture-owners', {}, { name: 'Ann' }))
  for (const project of [{ ...FIRST, contact: 'Ann@a.example' }, SECOND]) {
    await expectReply(t, app, write('POST', '/fixture-projects', {}, project), { status: 201 })
  }
  return app
}

const post = (project: object) => write('POST', '/fixture-projects', {}, project)
const put = (id: number, project: object) =>
  write('PUT', `/fixture-projects/${id}`, id > 2 ? {} : { 'if-match': '*' }, project)
const patch = (id: number, change: object) =>
  write(
    'PATCH',
    `/fixture-projects/${id}`,
    { 'if-match': '*', 'content-type': 'application/merge-patch+json' },
    change,
  )
const jsonPatch = (id: number, path: string, value: unknown) =>
  write(
    'PATCH',
    `/fixture-projects/${id}`,
    { 'if-match': '*', 'content-type': 'application/json-patch+json' },
    [{ op: 'add', path, value }],
  )
const remove = (url: string) => write('DELETE', url, { 'if-match': '*' })
const owned = (id: number, project: object) =>
  write('POST', `/fixture-owners/${id}/projects`, {}, project)

const UNIQUE = 'Conflict: another resource has this value'
const TOGETHER = 'Conflict: another resource has this combination of values'
const MISSING = 'Conflict: a resource that this refers to does not exist'
const REFERRED = 'Conflict: other resources refer to it'
const CHECK = 'Unprocessable Content: the value is not allowed'
const CHECK_TOGETHER = 'Unprocessable Content: this combination of values is not allowed'
const NULL = 'Unprocessable Content: a value is missing'

/** Requests that break a constraint, with the message and the pointers in the response. */
const REFUSED: [title: string, request: InjectOptions, message: string, pointers: string[]][] = [
  ['POST, unique', post({ name: 'First', code: 'c' }), UNIQUE, ['/name']],
  ['PUT, unique', put(2, { ...SECOND, name: 'First' }), UNIQUE, ['/name']],
  ['PUT with a new id, unique', put(9, { ...SECOND, code: 'c' }), UNIQUE, ['/name']],
  ['PATCH, unique', patch(2, { name: 'First' }), UNIQUE, ['/name']],
  ['JSON Patch, unique', jsonPatch(2, '/name', 'First'), UNIQUE, ['/name']],
  ['two columns', post({ ...FIRST, name: 'Third' }), TOGETHER, ['/ownerId', '/code']],
  ['PATCH, two columns', patch(2, { code: 'a' }), TOGETHER, ['/ownerId', '/code']],
  ['PUT, new id, two columns', put(9, { ...FIRST, name: '9' }), TOGETHER, ['/ownerId', '/code']],
  ['a parameter', owned(1, { name: '9', code: 'a' }), TOGETHER, ['params/ownerId', '/code']],
  [
    'an index of an expression, and a declared member',
    post({ name: 'Third', code: 'c', contact: 'ANN@A.EXAMPLE' }),
    UNIQUE,
    ['/contact'],
  ],
  ['POST, no parent', post({ name: '9', code: 'c', ownerId: 9 }), MISSING, ['/ownerId']],
  ['PUT, no parent', put(2, { ...SECOND, ownerId: 9 }), MISSING, ['/ownerId']],
  ['PUT, new id, no parent', put(9, { ...FIRST, name: '9', ownerId: 9 }), MISSING, ['/ownerId']],
  ['PATCH, no parent', patch(2, { ownerId: 9 }), MISSING, ['/ownerId']],
  ['DELETE of a parent', remove('/fixture-owners/1'), REFERRED, []],
  ['deferred, no parent', post({ name: '9', code: 'c', parentId: 999 }), MISSING, []],
  ['check of a column', post({ name: '9', code: 'c', spent: -1 }), CHECK, ['/spent']],
  ['PATCH, check of a column', patch(1, { spent: -1 }), CHECK, ['/spent']],
  [
    'named check of a table',
    post({ name: '9', code: 'c', spent: 2, budget: 1 }),
    CHECK_TOGETHER,
    ['/name', '/spent', '/budget'],
  ],
  ['POST, not null', post({ name: '9' }), NULL, ['/code']],
  ['PUT, not null', put(1, { name: 'First' }), NULL, ['/code']],
  ['PATCH, not null', patch(1, { code: null }), NULL, ['/code']],
]

testOnEachEngine('a violated constraint gets 409 or 422 with the members', async (t) => {
  const log = createLog()
  const app = await buildWithProjects(t, { logDestination: log })
  for (const [title, request, message, pointers] of REFUSED) {
    const status = message.startsWith('Conflict') ? 409 : 422
    const { body } = await expectReply(t, app, request, { status })
    const { errors = [], ...document } = JSON.parse(body)
    t.strictSame(document, { status, message }, title)
    const expected = pointers.map((pointer) =>
      pointer.startsWith('params') ? pointer : `body${pointer}`,
    )
    t.strictSame(
      errors.map((error: Record<string, string>) => `${error.in}${error.pointer}`),
      expected,
      title,
    )
    t.notMatch(body, /projects_|insert|constraint|index|key/i, 'the document has no internals')
  }
  const lines = log.lines.filter(({ level }) => level === 'error' || level === 'warn')
  t.strictSame(lines, [], 'the refusals are logged as other 4xx')
})

testOnEachEngine('a parent in the path that does not exist gets 404', async (t) => {
  const app = await buildWithProjects(t)
  const request = owned(9, { name: '9', code: 'a' })
  const message = 'Not Found: http://localhost:80/fixture-owners/9/projects'
  await expectReply(t, app, request, { status: 404, body: { status: 404, message } })
})

testOnEachEngine('writes succeed beside writes that break a constraint', async (t) => {
  const app = await buildWithProjects(t)
  const writes = [
    post({ name: 'Third', code: 'c' }),
    post({ name: 'First', code: 'c' }),
    post({ name: 'Late', code: 'c', parentId: 999 }),
    post({ name: 'Fourth', code: 'c', parentId: 1 }),
    post({ name: 'Lost', code: 'c', ownerId: 999 }),
    remove('/fixture-owners/1'),
    put(2, { ...SECOND, contact: 'bob@a.example' }),
  ]
  const replies = await Promise.all(writes.map((request) => app.inject(request)))
  t.strictSame(
    replies.map(({ statusCode }) => statusCode),
    [201, 409, 409, 201, 409, 409, 200],
  )
})

testOnEachEngine('a refused write can be repeated with the same Idempotency-Key', async (t) => {
  const app = await buildWithProjects(t)
  for (const project of [
    { name: 'First', code: 'c' },
    { name: 'Late', code: 'c', parentId: 999 },
  ]) {
    const key = { 'idempotency-key': `"${project.name}"` }
    const request = write('POST', '/fixture-projects', key, project)
    t.equal((await app.inject(request)).statusCode, 409)
    t.equal((await app.inject(request)).statusCode, 409)
    const blocking = project.parentId
      ? put(999, { name: 'Parent', code: 'c' })
      : remove('/fixture-projects/1')
    t.ok((await app.inject(blocking)).statusCode < 300)
    await expectReply(t, app, request, { status: 201 })
    await expectReply(t, app, request, { status: 201 })
  }
})

testOnEachEngine('a transaction that breaks a constraint changes nothing', async (t) => {
  const app = await buildWithProjects(t)
  const transaction = app.transact(async (session) => {
    await createOwnerStore(session).create({ name: 'Bob' })
    await createProjectStore(session).create({ name: 'First', code: 'c' })
  })
  const violation = await transaction.catch((error) => error)
  t.match(violation, { constraint: 'unique', columns: ['name'], cause: Object })
  t.equal((await app.inject('/fixture-owners/2')).statusCode, 404)
})

testOnEachEngine('a violation that is not a write of the client gets 500', async (t) => {
  const log = createLog()
  const app = await buildWithProjects(t, { logDestination: log }, async (app) => {
    const projects = app.store(createProjectStore)
    app.get('/statistics', () => projects.create({ name: 'First', code: 'c' }))
  })
  await expectReply(t, app, { url: '/statistics' }, { status: 500 })
  const failed = log.lines.filter(({ msg }) => msg === 'request failed')
  t.match(failed, [{ level: 'error', err: { message: /unique/i, cause: Object } }])
})

testOnEachEngine('a column that the client does not set has no entry in errors', async (t) => {
  const app = await buildWithProjects(t, {}, async (app) => {
    const projects = app.store(createProjectStore)
    const schema = { body: NewOwner }
    app.post('/copies', { schema }, () => projects.create({ ...FIRST, name: 'Copy' }))
  })
  const copy = write('POST', '/copies', {}, { name: 'Copy' })
  await expectReply(t, app, copy, { status: 409, body: { status: 409, message: TOGETHER } })
})

/** Returns a valid project in which the chosen members have values that may break a constraint. */
function projectWith(number: number, chosen: Partial<NewProject>): NewProject {
  return { name: `Project ${number}`, code: `code ${number}`, ...chosen }
}

/** Members with few values, at most one of each unique key and of each check. */
const CHOSEN = fc.record(
  {
    ownerId: fc.constantFrom(1, 2, 999),
    parentId: fc.constantFrom(1, 999),
    name: fc.constantFrom('First', 'Third'),
    code: fc.constantFrom('a', undefined),
    spent: fc.integer({ min: -1, max: 3 }),
  },
  { requiredKeys: [] },
)

testOnPostgres('the response is the same on SQLite', async (t) => {
  const apps = [
    await buildWithProjects(t),
    await buildWithProjects(t, {}, undefined, { DATABASE_URL: 'sqlite::memory:' }),
  ]
  let number = 10
  const answers = (request: InjectOptions) =>
    Promise.all(
      apps.map(async (app) => {
        const { statusCode, body } = await app.inject(request)
        return { statusCode, body }
      }),
    )
  for (const { 1: request } of REFUSED) {
    const [onPostgres, onSqlite] = await answers(request)
    t.strictSame(onPostgres, onSqlite)
  }
  const statuses = new Set<number | undefined>()
  await fc.assert(
    fc.asyncProperty(fc.boolean(), CHOSEN, async (isNew, { name, code, ...rest }) => {
      // The order in which the engines check several unique keys differs.
      const chosen = rest.ownerId && code ? { ...rest, code } : { ...rest, ...(name && { name }) }
      number++
      const id = isNew ? number : 2
      const [onPostgres, onSqlite] = await answers(put(id, projectWith(number, chosen)))
      t.strictSame(onPostgres, onSqlite, JSON.stringify(chosen))
      statuses.add(onSqlite?.statusCode)
    }),
    // Otherwise, few of the generated projects violate nothing.
    {
      numRuns: 150,
      examples: [
        [false, {}],
        [true, {}],
      ],
    },
  )
  t.strictSame([...statuses].sort(), [200, 201, 409, 422])
})
