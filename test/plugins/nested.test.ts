import type { FastifyInstance, InjectOptions } from 'fastify'
import t, { type Test } from 'tap'
import { RESOURCES } from '../../src/resources.ts'
import { build, expectReply, patch, write } from '../app.ts'
import { testOnEachEngine } from '../engines.ts'
import { NESTED } from '../fixtures/folder.ts'
import '../fixtures/register.ts'
import { createTaskStore } from '../fixtures/nested/fixture-tasks/store.ts'
import { pageOf, readPage } from '../page.ts'

RESOURCES.push(NESTED)

const TASK = { title: 'Paint', status: 'open' } as const
const JSON_ONLY = { accept: 'application/json' }
const ANY = { 'if-match': '*' }

/** Builds the app with the boards 1 and 2, the task 1 of board 1, and the comment 1 on this task. */
async function buildBoards(t: Test): Promise<FastifyInstance> {
  const app = await build(t)
  for (const name of ['First', 'Second'])
    await app.inject(write('POST', '/fixture-boards', {}, { name }))
  await expectReply(t, app, write('POST', '/fixture-boards/1/tasks', {}, TASK), {
    status: 201,
    headers: { location: '/fixture-boards/1/tasks/1' },
    body: { id: 1, ...TASK },
  })
  const comment = write('POST', '/fixture-boards/1/tasks/1/comments', {}, { text: 'Green' })
  await expectReply(t, app, comment, {
    status: 201,
    headers: { location: '/fixture-boards/1/tasks/1/comments/1' },
    body: { id: 1, text: 'Green' },
  })
  return app
}

const merge = (url: string, change: object) =>
  patch(url, 'application/merge-patch+json', change, ANY)

/** Requests to resources that do not exist, or not within the parents in the path. */
const NOT_FOUND: InjectOptions[] = [
  { url: '/fixture-boards/9/tasks' },
  { url: '/fixture-boards/1/tasks/9' },
  { url: '/fixture-boards/2/tasks/1' },
  { url: '/fixture-boards/9/tasks/1' },
  { url: '/fixture-boards/1/tasks/9/comments' },
  { url: '/fixture-boards/2/tasks/1/comments' },
  { url: '/fixture-boards/1/tasks/1/comments/9' },
  { url: '/fixture-boards/2/tasks/1/comments/1' },
  { url: '/fixture-boards/1/tasks/2/comments/1' },
  write('POST', '/fixture-boards/9/tasks', {}, TASK),
  write('POST', '/fixture-boards/9/tasks', { 'idempotency-key': 'a' }, TASK),
  write('POST', '/fixture-boards/9/tasks', { 'if-match': '"a"' }, TASK),
  write('PUT', '/fixture-boards/2/tasks/1', {}, TASK),
  write('PUT', '/fixture-boards/9/tasks/1', {}, TASK),
  write('PUT', '/fixture-boards/9/tasks/7', {}, TASK),
  write('PUT', '/fixture-boards/9/tasks/7', ANY, TASK),
  write('PUT', '/fixture-boards/2/tasks/1', ANY, TASK),
  write('PUT', '/fixture-boards/1/tasks/1000000000001', {}, TASK),
  merge('/fixture-boards/2/tasks/1', { status: 'done' }),
  write('DELETE', '/fixture-boards/2/tasks/1', ANY),
  write('POST', '/fixture-boards/2/tasks/1/comments', {}, { text: 'Red' }),
  write('POST', '/fixture-boards/1/tasks/9/comments', {}, { text: 'Red' }),
  write('DELETE', '/fixture-boards/2/tasks/1/comments/1', ANY),
]

testOnEachEngine('a path whose parents do not contain the resource gets 404', async (t) => {
  const app = await buildBoards(t)
  const stateOf = () =>
    Promise.all(['/fixture-boards/1/tasks', '/fixture-boards/2/tasks'].map((url) => body(url)))
  const body = async (url: string) => (await app.inject({ url, headers: JSON_ONLY })).body
  const before = await stateOf()
  for (const request of NOT_FOUND) {
    const document = { status: 404, message: `Not Found: http://localhost:80${request.url}` }
    const headers = { ...request.headers, ...JSON_ONLY }
    await expectReply(t, app, { ...request, headers }, { status: 404, body: document })
  }
  t.same(await stateOf(), before, 'nothing has changed')
})

testOnEachEngine('a task of a board is replaced, patched and deleted by version', async (t) => {
  const app = await buildBoards(t)
  const url = '/fixture-boards/1/tasks/1'
  const { headers } = await expectReply(t, app, { url }, { body: { id: 1, ...TASK } })
  const seen = { 'if-match': String(headers.etag) }
  const done = { ...TASK, status: 'done' }
  await expectReply(t, app, write('PUT', url, {}, done), { status: 428 })
  await expectReply(t, app, write('PUT', url, seen, TASK), { headers: { etag: headers.etag } })
  await expectReply(t, app, write('PUT', url, seen, done), { body: { id: 1, ...done } })
  await expectReply(t, app, write('PUT', url, seen, done), { status: 412 })
  await expectReply(t, app, merge(url, { title: 'Sand' }), {
    body: { ...done, id: 1, title: 'Sand' },
  })
  await expectReply(t, app, merge(url, { title: '' }), { status: 422 })
  await expectReply(t, app, write('DELETE', url, seen), { status: 412 })
  await expectReply(t, app, write('DELETE', url, ANY), { status: 204 })
  await expectReply(t, app, { url }, { status: 404 })
})

testOnEachEngine('a PUT creates a task of a board under its id', async (t) => {
  const app = await buildBoards(t)
  const created = {
    status: 201,
    headers: { location: '/fixture-boards/2/tasks/7' },
    body: { id: 7, ...TASK },
  }
  await expectReply(t, app, write('PUT', '/fixture-boards/2/tasks/7', {}, TASK), created)
  await expectReply(t, app, { url: '/fixture-boards/2/tasks/7' }, { body: { id: 7, ...TASK } })
  await expectReply(t, app, { url: '/fixture-boards/1/tasks/7' }, { status: 404 })
})

testOnEachEngine('a list is within its parent', async (t) => {
  const app = await buildBoards(t)
  const add = (board: number, title: string, status = 'open') =>
    app.inject(write('POST', `/fixture-boards/${board}/tasks`, {}, { title, status }))
  await add(2, 'Nail')
  await add(1, 'Saw', 'done')
  await add(1, 'Drill')
  const readList = async (url: string) => {
    const { items } = (await expectReply(t, app, { url, headers: JSON_ONLY }, {})).json()
    return items.map(({ title }: { title: string }) => title)
  }
  t.same(await readList('/fixture-boards/1/tasks'), ['Paint', 'Saw', 'Drill'])
  t.same(await readList('/fixture-boards/1/tasks?sort=-id&status=open'), ['Drill', 'Paint'])
  t.same(await readList('/fixture-boards/2/tasks'), ['Nail'])
  const { link } = (await app.inject('/fixture-boards/1/tasks?limit=1')).headers
  const [, next = ''] = /<([^>]+)>; rel="next"/.exec(String(link)) ?? []
  t.same(await readList(next), ['Saw'])
  await expectReply(t, app, { url: next.replace('boards/1', 'boards/2') }, { status: 400 })
  await expectReply(t, app, { url: '/fixture-boards/9/tasks?limit=1' }, { status: 404 })
})

testOnEachEngine(
  'a board with tasks cannot be deleted; a task takes its comments with it',
  async (t) => {
    const app = await buildBoards(t)
    const message = 'Conflict: other resources refer to it'
    const refused = { status: 409, body: { status: 409, message } }
    const remove = (url: string) => write('DELETE', url, { ...ANY, ...JSON_ONLY })
    await expectReply(t, app, remove('/fixture-boards/1'), refused)
    await expectReply(t, app, remove('/fixture-boards/1/tasks/1'), { status: 204 })
    await expectReply(t, app, { url: '/fixture-boards/1/tasks/1/comments/1' }, { status: 404 })
    const left = await app.store(
      ({ reader }) =>
        () =>
          reader.selectFrom('fixture_comments').selectAll().execute(),
    )()
    t.same(left, [])
    await expectReply(t, app, remove('/fixture-boards/1'), { status: 204 })
  },
)

testOnEachEngine(
  'an Idempotency-Key belongs to one parent, and survives its deletion',
  async (t) => {
    const app = await buildBoards(t)
    const create = (board: number) =>
      write('POST', `/fixture-boards/${board}/tasks`, { 'idempotency-key': 'a' }, TASK)
    const created = { status: 201, body: { id: 2, ...TASK } }
    await expectReply(t, app, create(2), created)
    await expectReply(t, app, create(2), created)
    await expectReply(t, app, create(1), { status: 422 })
    await app.inject(write('DELETE', '/fixture-boards/2/tasks/2', ANY))
    await app.inject(write('DELETE', '/fixture-boards/2', ANY))
    await expectReply(t, app, create(2), created)
    t.equal((await app.inject('/fixture-boards/2/tasks')).statusCode, 404)
  },
)

testOnEachEngine('createAt() of a task fails if its id belongs to another board', async (t) => {
  const app = await buildBoards(t)
  const params = { boardId: 1, taskId: 1 }
  const tasks = app.store(createTaskStore)
  t.equal(await tasks.createAt(params, TASK), undefined, 'the task exists')
  await t.rejects(tasks.createAt({ ...params, boardId: 2 }, TASK), {
    constraint: 'scope',
    message: 'fixture_tasks has this id within other parents',
  })
  // The insert finds a task that is then deleted.
  const write = async () => undefined as never
  const late = app.store((session) => createTaskStore({ ...session, write }))
  t.equal(await late.createAt({ ...params, taskId: 9 }, TASK), undefined, 'the write is repeated')
})

testOnEachEngine('an Idempotency-Key can be used again after a 404', async (t) => {
  const app = await buildBoards(t)
  const create = write('POST', '/fixture-boards/3/tasks', { 'idempotency-key': 'a' }, TASK)
  await expectReply(t, app, create, { status: 404 })
  await app.inject(write('POST', '/fixture-boards', {}, { name: 'Third' }))
  const { headers } = await expectReply(t, app, create, { status: 201 })
  const { location } = headers
  await expectReply(t, app, create, { status: 201, headers: { location } })
})

t.test('HEAD, OPTIONS and other methods work as for any resource', async (t) => {
  const app = await buildBoards(t)
  const url = '/fixture-boards/1/tasks/1'
  const { date: _date, 'x-request-id': _id, ...fields } = (await app.inject({ url })).headers
  const head = await expectReply(t, app, { method: 'HEAD', url }, { body: '' })
  t.match(head.headers, fields, 'HEAD has the header fields of GET')
  const allow = 'DELETE, GET, HEAD, OPTIONS, PATCH, PUT'
  await expectReply(t, app, { method: 'OPTIONS', url }, { status: 204, headers: { allow } })
  await expectReply(t, app, write('POST', url, {}, TASK), { status: 405, headers: { allow } })
  await expectReply(t, app, { method: 'HEAD', url: '/fixture-boards/2/tasks/1' }, { status: 404 })
})

t.test('urlFor() fills every parameter of the path', async (t) => {
  const app = await build(t)
  const params = { boardId: 1, taskId: 2, commentId: 3 }
  t.equal(app.urlFor('readFixtureComment', params), '/fixture-boards/1/tasks/2/comments/3')
  const { taskId, ...others } = params
  t.throws(() => app.urlFor('readFixtureComment', others as typeof params), {
    message: '/fixture-boards/:boardId/tasks/:taskId/comments/:commentId needs a value for taskId',
  })
})

t.test('the OpenAPI document has the parameters of all parents', async (t) => {
  const app = await build(t)
  await app.ready()
  const { paths } = app.openApiDocument()
  const operation = paths['/fixture-boards/{boardId}/tasks/{taskId}/comments/{commentId}']?.get
  const parameters = (operation?.parameters ?? []).filter((each) => Object(each).in === 'path')
  t.match(parameters, [
    { name: 'boardId', required: true, example: 1 },
    { name: 'taskId', required: true },
    { name: 'commentId', required: true },
  ])
  t.same(operation?.tags, ['fixture-boards'])
})

t.test('a page links to its parents, and to the lists within it', async (t) => {
  const app = await buildBoards(t)
  const linksOn = async (url: string) =>
    readPage(await pageOf(app, { url })).elements.flatMap(({ attributes: { href } }) =>
      href?.startsWith('/fixture-boards') ? href : [],
    )
  t.same(await linksOn('/fixture-boards/1'), ['/fixture-boards', '/fixture-boards/1/tasks'])
  t.same(await linksOn('/fixture-boards/1/tasks/1'), [
    '/fixture-boards',
    '/fixture-boards/1',
    '/fixture-boards/1/tasks',
    '/fixture-boards/1/tasks/1/comments',
  ])
  t.ok(
    (await linksOn('/fixture-boards/1/tasks/1/comments')).includes(
      '/fixture-boards/1/tasks/1/comments/1',
    ),
  )
  t.notOk(
    (await linksOn('/fixture-boards/9')).includes('/fixture-boards/9/tasks'),
    'the page of an error has no lists',
  )
})

t.test('behind a prefix, a page links to the lists within it with the prefix', async (t) => {
  const app = await build(t, { FORWARDED_PREFIX: 'true', TRUST_PROXY: '127.0.0.1' })
  await app.inject(write('POST', '/fixture-boards', {}, { name: 'First' }))
  const headers = { 'x-forwarded-prefix': '/api' }
  const { elements } = readPage(await pageOf(app, { url: '/fixture-boards/1', headers }))
  const links = elements.flatMap(({ attributes: { href } }) => href ?? [])
  t.same(
    links.filter((each) => each.includes('/fixture-boards')),
    ['/api/fixture-boards', '/api/fixture-boards/1/tasks'],
  )
})

t.test('a POST whose If-Match names another version of the list gets 412', async (t) => {
  const app = await buildBoards(t)
  for (const url of [
    '/fixture-boards',
    '/fixture-boards/1/tasks',
    '/fixture-boards/1/tasks/1/comments',
  ]) {
    const item = { '/fixture-boards': { name: 'A' }, '/fixture-boards/1/tasks': TASK }[url] ?? {
      text: 'Red',
    }
    await expectReply(t, app, write('POST', url, { 'if-match': '"a"' }, item), { status: 412 })
  }
})
