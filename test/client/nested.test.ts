import type { Client } from 'openapi-fetch'
import t from 'tap'
import { createApi } from '../../client/client.ts'
import { RESOURCES } from '../../src/resources.ts'
import { AUTHORIZATION, build } from '../app.ts'
import '../fixtures/register.ts'
import { NESTED } from '../fixtures/folder.ts'

RESOURCES.push(NESTED)

interface Task {
  title: string
  status: 'open' | 'done'
}

interface Responses<Status extends number> {
  responses: { [Each in Status]: { content: { 'application/json': Task & { id: number } } } } & {
    404: { content: { 'application/json': { status: number; message: string } } }
  }
}

interface Body {
  requestBody: { content: { 'application/json': Task } }
}

/** Types of the fixtures as openapi-typescript writes them, without what the test does not use. */
interface Paths {
  '/fixture-boards': {
    post: { requestBody: { content: { 'application/json': { name: string } } }; responses: object }
  }
  '/fixture-boards/{boardId}/tasks': {
    post: Responses<201> &
      Body & { parameters: { path: { boardId: number }; header?: { 'Idempotency-Key'?: string } } }
  }
  '/fixture-boards/{boardId}/tasks/{taskId}': {
    get: Responses<200> & { parameters: { path: { boardId: number; taskId: number } } }
    put: Responses<200 | 201> &
      Body & {
        parameters: { path: { boardId: number; taskId: number }; header?: { 'If-Match'?: string } }
      }
  }
}

t.test('the client fills all parameters of a path within a parent', async (t) => {
  const app = await build(t)
  const untyped: unknown = createApi(await app.listen({ port: 0 }), AUTHORIZATION)
  const api = untyped as Client<Paths, 'application/json'> // the generated types lack the fixtures
  const task: Task = { title: 'Paint', status: 'open' }
  await api.POST('/fixture-boards', { body: { name: 'A board' } })

  const header = { 'Idempotency-Key': 'a' }
  const create = (boardId: number) =>
    api.POST('/fixture-boards/{boardId}/tasks', {
      params: { path: { boardId }, header },
      body: task,
    })
  t.match((await create(9)).error, { status: 404 }, 'the board does not exist')
  const created = await create(1)
  t.same(created.data, { id: 1, ...task })
  t.equal(created.response.headers.get('location'), '/fixture-boards/1/tasks/1')
  t.same((await create(1)).data, created.data, 'a repeat returns the same task')

  const path = { boardId: 1, taskId: 1 }
  const read = await api.GET('/fixture-boards/{boardId}/tasks/{taskId}', { params: { path } })
  t.same(read.data, created.data)
  const replace = (version: string) =>
    api.PUT('/fixture-boards/{boardId}/tasks/{taskId}', {
      params: { path, header: { 'If-Match': version } },
      body: { ...task, status: 'done' },
    })
  t.equal((await replace(String(read.response.headers.get('etag')))).data?.status, 'done')
  t.match((await replace('"a"')).error, { status: 412 })

  const other = { params: { path: { boardId: 2, taskId: 1 } } }
  t.match((await api.GET('/fixture-boards/{boardId}/tasks/{taskId}', other)).error, { status: 404 })
})
