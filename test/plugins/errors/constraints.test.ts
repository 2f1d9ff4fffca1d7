import type { AppOptions } from '../../../src/app.ts'
import { RESOURCES } from '../../../src/resources.ts'
import { CONSTRAINED } from '../../fixtures/folder.ts'
import '../../fixtures/register.ts'
import type { FastifyInstance, InjectOptions } from 'fastify'
import type { Test } from 'tap'
import { build, createLog, expectReply, write } from '../../app.ts'
import { testOnEachEngine } from '../../engines.ts'

RESOURCES.push(CONSTRAINED)

const FIRST = { name: 'First', code: 'a', ownerId: 1 }
const SECOND = { name: 'Second', code: 'b', ownerId: 1 }

/** Builds the app with an owner and two projects. */
async function buildWithProjects(t: Test, options: AppOptions = {}): Promise<FastifyInstance> {
  const app = await build(t, {}, options)
  await app.inject(write('POST', '/owners', {}, { name: 'Ann' }))
  for (const project of [{ ...FIRST, contact: 'Ann@a.example' }, SECOND]) {
    await expectReply(t, app, write('POST', '/projects', {}, project), { status: 201 })
  }
  return app
}

const post = (project: object) => write('POST', '/projects', {}, project)
const put = (id: number, project: object) =>
  write('PUT', `/projects/${id}`, id > 2 ? {} : { 'if-match': '*' }, project)
const patch = (id: number, change: object) =>
  write(
    'PATCH',
    `/projects/${id}`,
    { 'if-match': '*', 'content-type': 'application/merge-patch+json' },
    change,
  )
const jsonPatch = (id: number, path: string, value: unknown) =>
  write(
    'PATCH',
    `/projects/${id}`,
    { 'if-match': '*', 'content-type': 'application/json-patch+json' },
    [{ op: 'add', path, value }],
  )
const remove = (url: string) => write('DELETE', url, { 'if-match': '*' })
const owned = (id: number, project: object) => write('POST', `/owners/${id}/projects`, {}, project)

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
  ['a parameter, no parent', owned(9, { name: '9', code: 'a' }), MISSING, ['params/ownerId']],
  ['DELETE of a parent', remove('/owners/1'), REFERRED, []],
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
  t.strictSame(
    log.lines.filter(({ level }) => level === 'error'),
    [],
  )
  const lines = log.lines.filter(({ res }) => [409, 422].includes(Object(res).statusCode))
  t.comment(JSON.stringify(lines[0]))
})
