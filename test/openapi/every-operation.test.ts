/** Tests rules of HTTP that all operations of the OpenAPI document must follow, including those of new resources. */
import '../fixtures/add.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import t, { type Test } from 'tap'
import type { Parameter } from '../../plugins/openapi/openapi.ts'
import { build } from '../app.ts'
import { callsOf, exampleOf, requiredLists } from './examples.ts'
import { openApiViolations, resolve } from './responses.ts'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

type Fields = Record<string, string | undefined>

/** An operation with a request that succeeds. */
interface Example {
  name: string
  path: string
  method: string
  url: string
  request: InjectOptions
  /** A request that succeeds before the other one, if unique members differ between the examples of the body. */
  preparation: InjectOptions
  /** Statuses that the operation declares. */
  statuses: string[]
  /** Media types of the responses. */
  returns: string[]
  /** Media types of request bodies that the operation accepts. */
  takes: string[]
  /** Names of the parameters. */
  parameters: (string | undefined)[]
}

/**
 * Builds the service, and creates the resources of the examples.
 *
 * @param used path of an operation; if given, creates only the resources that requests to this path need
 */
async function open(t: Test, used?: string) {
  const app = await build(t, { ADMIN_PORT: '1' }) // moves /metrics to another port, because its responses always differ
  await app.ready()
  const document = app.openApiDocument()
  const examples = callsOf(document).map((call): Example => {
    const { operation, method, path } = call
    const request = exampleOf(document, call)
    return {
      name: String(operation.operationId),
      path,
      method: method.toUpperCase(),
      url: String(request.url),
      request,
      preparation: exampleOf(document, call, -1),
      statuses: Object.keys(operation.responses),
      returns: Object.values(operation.responses).flatMap((response) =>
        Object.keys(Object(response).content ?? {}),
      ),
      takes: Object.keys(operation.requestBody?.content ?? {}),
      parameters: (operation.parameters ?? []).map(
        (each) => resolve<Parameter>(document, each)?.name,
      ),
    }
  })

  /**
   * Sends a request, and compares the response with the document. `fields` replaces header fields; an empty value
   * removes the header field.
   */
  async function send(
    request: InjectOptions,
    fields: Fields = {},
  ): Promise<LightMyRequestResponse> {
    const headers = Object.entries({ ...request.headers, ...fields }).filter(([, value]) => value)
    const reply = await app.inject({ ...request, headers: Object.fromEntries(headers) })
    const target = { method: String(request.method).toUpperCase(), url: String(request.url) }
    t.same(
      openApiViolations(app, target, reply),
      [],
      `${target.method} ${target.url} returns what the document declares`,
    )
    return reply
  }

  for (const { path, preparation, method } of examples) {
    const isUsed = used === undefined || requiredLists(document, used).includes(path)
    if (method === 'POST' && isUsed) await send(preparation)
  }
  return {
    send,
    examples,
    paths: Object.entries(Object.groupBy(examples, ({ path }) => path)) as [string, Example[]][],
    reads: examples.filter(({ method }) => method === 'GET'),
    declaring: (status: string) => examples.filter(({ statuses }) => statuses.includes(status)),
  }
}

t.test('HEAD has the status and the header fields of GET', async (t) => {
  const { reads, send } = await open(t)
  // Until the second of a change is over, responses have no Last-Modified.
  await sleep(1_001 - (Date.now() % 1_000))
  for (const { name, request } of reads) {
    const [get, head] = [await send(request), await send({ ...request, method: 'HEAD' })]
    t.same(constantFields(head), constantFields(get), name)
    t.equal(head.rawPayload.length, 0)
  }
})

function constantFields({ statusCode, headers }: LightMyRequestResponse) {
  const { date, 'x-request-id': _id, ...fields } = headers
  return { statusCode, ...fields }
}

t.test(
  'OPTIONS lists the methods in Allow, and any other method gets 405 with the same Allow',
  async (t) => {
    const { paths, send } = await open(t)
    for (const [path, examples] of paths) {
      const [{ url } = { url: path }] = examples
      const methods = examples.map(({ method }) => method)
      const expected = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS']
      const options = await send({ method: 'OPTIONS', url })
      const { allow } = options.headers
      t.equal(options.statusCode, 204, path)
      t.same(String(allow).split(', ').sort(), expected.sort())
      for (const method of METHODS.filter((method) => !methods.includes(method))) {
        const { statusCode, headers } = await send({ method, url })
        t.match(
          { statusCode, allow: headers.allow },
          { statusCode: 405, allow },
          `${method} ${path}`,
        )
      }
    }
  },
)

t.test('an unknown media type in Accept gets 406', async (t) => {
  const { examples, send } = await open(t)
  const negotiated = examples.filter(({ returns }) => returns.includes('application/json'))
  for (const { name, request } of negotiated) {
    t.equal((await send(request, { accept: 'application/x-unknown' })).statusCode, 406, name)
  }
})

t.test(
  'a body of an unknown media type or content coding gets 415 with a list of the accepted ones',
  async (t) => {
    const { examples, send } = await open(t)
    for (const { name, request } of examples.filter(({ takes }) => takes.length > 0)) {
      const sent = { ...request, payload: request.payload || '{}' }
      const type = await send(sent, { 'content-type': 'application/x-unknown' })
      t.equal(type.statusCode, 415, name)
      t.ok(type.headers.accept, 'the response has Accept')
      const coding = await send(sent, { 'content-encoding': 'x-unknown' })
      t.equal(coding.statusCode, 415, name)
      t.ok(coding.headers['accept-encoding'], 'the response has Accept-Encoding')
    }
  },
)

t.test('a write with return=minimal gets a response without content', async (t) => {
  const { examples, send } = await open(t)
  const fields = { prefer: 'return=minimal' }
  for (const { name, method, path, request, statuses } of examples) {
    if (method === 'GET') continue
    const first = await send(request, fields)
    // Resources of other examples may have the same unique member, or refer to this one.
    const isConflict = first.statusCode === 409
    const reply = isConflict ? await (await open(t, path)).send(request, fields) : first
    const { statusCode, headers, body } = reply
    t.equal(statusCode, statuses.includes('200') ? 204 : Number(statuses[0]), name)
    t.equal(body, '')
    t.match(headers, { 'preference-applied': 'return=minimal' })
    t.notOk(headers['content-type'] ?? headers['content-location'])
    t.equal(
      headers.location !== undefined,
      statusCode === 201,
      `${name} has Location if it creates`,
    )
    if (method === 'PUT') t.notOk(headers.etag ?? headers['last-modified'], 'no validator')
    if (method === 'POST' && statusCode === 201) t.ok(headers.etag, `${name} returns an ETag`)
  }
})

t.test('malformed JSON gets 400', async (t) => {
  const { examples, send } = await open(t)
  const takers = examples.filter(({ takes }) => takes.includes('application/json'))
  t.not(takers.length, 0)
  for (const { name, request } of takers) {
    const malformed = { ...request, payload: '{' }
    const { statusCode } = await send(malformed, { 'content-type': 'application/json' })
    t.equal(statusCode, 400, name)
  }
})

/** Patterns of the error document of a 405, by media type. */
const DOCUMENTS = {
  'application/json': /^\{"status":405,/,
  'application/problem+json': /"status":405,/,
  'application/xml': /<status>405<\/status>/,
  'application/problem+xml': /<status>405<\/status>/,
  'text/plain': /^405 /,
  'text/html': /<h1>405 /,
}

t.test('an error response has an error document in each media type', async (t) => {
  const { paths, send } = await open(t)
  for (const [path, examples] of paths) {
    const method = METHODS.find((method) => !examples.some((each) => each.method === method))
    if (!method) continue
    for (const [accept, document] of Object.entries(DOCUMENTS)) {
      const { headers, body } = await send({ method, url: examples[0]?.url ?? path }, { accept })
      t.match(headers['content-type'], accept, path)
      t.match(body, document)
    }
  }
})

t.test(
  'a write that requires If-Match gets 428 without If-Match, and 412 with a stale ETag',
  async (t) => {
    const { declaring, send } = await open(t)
    t.not(declaring('428').length, 0)
    for (const { name, request, url } of declaring('428')) {
      const read = async () => (await send({ method: 'GET', url })).headers.etag
      const before = await read()
      t.equal((await send(request, { 'if-match': undefined })).statusCode, 428, name)
      t.equal((await send(request, { 'if-match': '"stale"' })).statusCode, 412, name)
      t.equal(await read(), before, 'the resource is unchanged')
    }
  },
)

t.test('a write does nothing if a precondition fails', async (t) => {
  const { paths, send } = await open(t)
  for (const [path, examples] of paths) {
    const read = examples.find(({ method }) => method === 'GET')
    const contentOf = async () => read && resultOf(await send(read.request))
    for (const { name, request } of examples.filter((each) => each !== read)) {
      const before = await contentOf()
      const nope = await send(request, { 'if-match': '"nope"' })
      t.equal(nope.statusCode, 412, `${name} with another ETag in If-Match`)
      t.strictSame(await contentOf(), before)
      const fields = { 'if-match': undefined, 'if-none-match': '*' }
      const { statusCode } = await send(request, fields)
      if (read) t.equal(statusCode, 412, `${name} of an existing resource with If-None-Match: *`)
      else t.ok(statusCode < 300, `${name} with If-None-Match: *, and without GET at ${path}`)
      t.strictSame(await contentOf(), before)
    }
  }
})

t.test('a change without If-Match gets a status that the operation declares', async (t) => {
  const { examples, send } = await open(t)
  const changes = examples.filter(({ method }) => ['PUT', 'PATCH', 'DELETE'].includes(method))
  t.not(changes.length, 0)
  for (const { name, statuses, request } of changes) {
    const { statusCode } = await send(request, { 'if-match': undefined })
    t.ok(statuses.includes(String(statusCode)), `${name}: ${statusCode}`)
  }
})

t.test('a read evaluates If-None-Match and If-Match', async (t) => {
  const { reads, send } = await open(t)
  t.not(reads.length, 0)
  for (const { name, request } of reads) {
    const { etag = '*' } = (await send(request)).headers
    t.equal((await send(request, { 'if-none-match': String(etag) })).statusCode, 304, name)
    t.equal((await send(request, { 'if-none-match': '*' })).statusCode, 304, name)
    t.equal((await send(request, { 'if-match': '*' })).statusCode, 200, name)
    t.equal((await send(request, { 'if-none-match': '"stale"' })).statusCode, 200, name)
    t.equal((await send(request, { 'if-match': '"stale"' })).statusCode, 412, name)
  }
})

t.test('a repeat with the same Idempotency-Key gets the first response', async (t) => {
  const { examples, send } = await open(t)
  const keyed = examples.filter(({ parameters }) => parameters.includes('Idempotency-Key'))
  t.not(keyed.length, 0)
  for (const { name, request } of keyed) {
    const fields = { 'idempotency-key': `"${name}"` }
    const [first, second] = [await send(request, fields), await send(request, fields)]
    t.ok(first.statusCode < 300, `${name} returns ${first.statusCode}`)
    t.same(resultOf(second), resultOf(first))
    const other = { ...request, payload: `${request.payload} ` }
    t.equal((await send(other, fields)).statusCode, 422, `${name} with another body`)
  }
})

function resultOf({ statusCode, headers: { location, etag }, body }: LightMyRequestResponse) {
  return { statusCode, location, etag, body }
}
