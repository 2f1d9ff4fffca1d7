import type { InjectOptions } from 'fastify'
import t, { type Test } from 'tap'
import type { Document, Operation, Parameter } from '../../plugins/openapi/openapi.ts'
import { AUTHORIZATION, build } from '../app.ts'
import { HASH } from '../fuzz/service.ts'
import { breachesOf, resolve } from './responses.ts'

/** What is created comes before what reads it, and what deletes it last. */
const ORDER = ['post', 'get', 'put', 'patch', 'delete']

interface Call {
  method: string
  path: string
  operation: Operation
}

function callsOf({ paths }: Document): Call[] {
  return Object.entries(paths)
    .flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ method, path, operation })),
    )
    .sort((a, b) => ORDER.indexOf(a.method) - ORDER.indexOf(b.method))
}

/** Makes the request that an operation shows by its examples. */
function exampleOf(document: Document, { method, path, operation }: Call): InjectOptions {
  const parameters = (operation.parameters ?? []).map((each) => resolve<Parameter>(document, each))
  const url = path.replace(/\{(\w+)\}/g, (_, name) => {
    const parameter = parameters.find((each) => each?.in === 'path' && each.name === name)
    return encodeURIComponent(String(parameter?.example))
  })
  const [mediaType, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? []
  const changes = operation.responses[428] !== undefined
  const headers = {
    ...(operation.security?.length && { authorization: AUTHORIZATION }),
    ...(mediaType && { 'content-type': mediaType }),
    ...(changes && { 'if-match': '*' }),
  }
  const schema = resolve<{ examples?: unknown[] }>(document, content?.schema)
  const body = schema?.examples?.[0]
  const payload = mediaType === 'text/plain' ? String(body ?? '') : JSON.stringify(body ?? {})
  return { method, url, headers, ...(mediaType && { payload }) } as InjectOptions
}

async function call(t: Test, calls: (document: Document) => Call[]) {
  const app = await build(t)
  await app.ready()
  const document = app.contract()
  const answers = []
  for (const each of calls(document)) {
    const request = exampleOf(document, each)
    const reply = await app.inject(request)
    const method = each.method.toUpperCase()
    const breaches = breachesOf(app, { method, url: String(request.url) }, reply)
    answers.push({ ...each, request, reply, breaches })
  }
  return { app, document, answers }
}

t.test('every operation answers its examples as it says', async (t) => {
  const { answers } = await call(t, callsOf)
  t.ok(answers.length > 0, 'there are operations')
  for (const { operation, reply, breaches } of answers) {
    const { operationId } = operation
    t.ok(operationId, 'it has a name')
    t.ok(reply.statusCode < 300, `${operationId} answers ${reply.statusCode}`, { body: reply.body })
    t.same(breaches, [], 'as the contract says')
  }
})

t.test('every operation that may be read in part or known already is', async (t) => {
  const { app, answers } = await call(t, (document) =>
    callsOf(document).filter(({ method }) => ['post', 'get'].includes(method)),
  )
  const conditions: Record<string, (etag: string) => Record<string, string>> = {
    206: () => ({ range: 'bytes=0-0' }),
    304: (etag) => ({ 'if-none-match': etag }),
  }
  for (const { operation, request, reply } of answers) {
    for (const [status, fieldsOf] of Object.entries(conditions)) {
      if (!operation.responses[status]) continue
      const headers = { ...request.headers, ...fieldsOf(String(reply.headers.etag)) }
      const conditional = await app.inject({ ...request, headers })
      t.equal(String(conditional.statusCode), status, `${operation.operationId} answers ${status}`)
      const target = { method: 'GET', url: String(request.url) }
      t.same(breachesOf(app, target, conditional), [], 'as the contract says')
    }
  }
})

t.test('who is not let in without credentials is whom the contract asks for some', async (t) => {
  const app = await build(t, { AUTH_USERS: `someone::${HASH}` })
  await app.ready()
  const document = app.contract()
  for (const each of callsOf(document)) {
    const { headers, ...request } = exampleOf(document, each)
    const { authorization, ...others } = Object(headers)
    const reply = await app.inject({ ...request, headers: others })
    const { operationId, security = [] } = each.operation
    t.equal(reply.statusCode === 401, security.length > 0, `${operationId}: ${reply.statusCode}`)
  }
})
