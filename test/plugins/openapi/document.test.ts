import t from 'tap'
import { completeDocument } from '../../../plugins/openapi/document.ts'
import type { Document, Operation } from '../../../plugins/openapi/openapi.ts'

const RESPONSE = { description: 'A response' }
const SUCCESS = { 200: RESPONSE }
const NO_COMPONENTS = {
  schemas: {},
  headers: {},
  parameters: {},
  responses: {},
  securitySchemes: {},
}

const SECURITY_SCHEMES = { basic: { type: 'http' }, bearer: { type: 'http' } }

function complete(paths: Document['paths']): Document {
  return completeDocument({
    openapi: '3.1.1',
    info: { title: 'Test', version: '1' },
    servers: [],
    paths,
    components: { ...NO_COMPONENTS, securitySchemes: SECURITY_SCHEMES },
  })
}

function completeOne(operation: Partial<Operation>, method = 'get', path = '/books') {
  return complete({ [path]: { [method]: { responses: SUCCESS, ...operation } } }).paths[path]?.[
    method
  ]
}

t.test('every operation declares the common failures as references to components', async (t) => {
  const responses = { ...SUCCESS, 404: RESPONSE }
  const { paths, components } = complete({ '/books': { get: { responses } } })
  const completed = paths['/books']?.get?.responses ?? {}
  const statuses = ['200', '400', '404', '406', '429', '500', '503', 'default']
  t.strictSame(Object.keys(completed), statuses)
  t.strictSame(completed[404], { $ref: '#/components/responses/NotFound' })
  t.match(components.responses.NotFound, { description: /^Not Found: / })
  t.notOk(components.responses.Conflict, 'components to which nothing refers are left out')
  t.notOk(
    components.headers['Content-Range'],
    'components to which only omitted components refer are left out',
  )
})

t.test('the header fields of a response are derived from the status and the route', async (t) => {
  const fieldsOf = (status: number, headers = {}) => {
    const responses = { 200: { ...RESPONSE, headers }, [status]: { ...RESPONSE, headers } }
    const response = completeOne({ responses })?.responses[status]
    return Object.keys(Object(response).headers).filter(
      (name) => !/Id$|Vary|Control|^Rate/.test(name),
    )
  }
  t.same(fieldsOf(200), [])
  t.same(fieldsOf(200, { Link: {} }), ['Link'])
  t.same(fieldsOf(201), ['Location'])
  t.same(fieldsOf(206), ['Content-Range'])
  t.same(fieldsOf(304, { ETag: {} }), ['ETag'])
})

t.test('a 304 has the header fields of the 200', async (t) => {
  const policy = { description: 'Caching rules', schema: { const: 'a' }, example: 'a' }
  const headers = { ETag: { $ref: '#' }, 'Cache-Control': policy }
  const responses = { 200: { ...RESPONSE, headers }, 304: RESPONSE }
  const completed = completeOne({ responses })?.responses
  for (const status of [200, 304]) {
    const { ETag, 'Cache-Control': control } = Object(completed?.[status]).headers
    t.strictSame(ETag, { $ref: '#/components/headers/ETag' })
    t.strictSame(control, policy, 'a description of the route replaces the common one')
  }
  t.notOk(completeOne({ responses }, 'post')?.responses[304], 'only GET has 304')
})

t.test('the header fields of a request are derived from the statuses of its route', async (t) => {
  const parametersOf = (statuses: number[], extension: Partial<Operation> = {}) => {
    const responses = Object.fromEntries(statuses.map((status) => [status, RESPONSE]))
    const parameters = completeOne({ responses, ...extension }, 'put')?.parameters ?? []
    return parameters.map((parameter) => String(Object(parameter).$ref).replace(/.*\//, ''))
  }
  t.same(parametersOf([200]), ['RequestId'])
  t.same(parametersOf([200, 206]), ['ByteRange', 'IfRange', 'RequestId'])
  t.same(parametersOf([204, 428]), ['IfMatchRequired', 'IfUnmodifiedSince', 'RequestId'])
  t.same(parametersOf([200, 201, 428]).slice(0, 2), ['IfMatch', 'IfNoneMatch'])
  const versioned = { ...RESPONSE, headers: { ETag: { $ref: '#' } } }
  const parameters = completeOne({ responses: { 200: versioned, 304: RESPONSE } })?.parameters
  t.match(parameters?.[0], { $ref: '#/components/parameters/IfNoneMatch' })
  t.equal(completeOne({ responses: { ...SUCCESS, 304: RESPONSE } })?.parameters?.length, 1)
  const conditional = { 'x-conditional': true, 'x-idempotency-key': true }
  t.same(parametersOf([201], conditional).slice(0, 3), ['IfMatch', 'IfNoneMatch', 'IdempotencyKey'])
  t.same(parametersOf([201], { 'x-idempotency-key': true }), ['IdempotencyKey', 'RequestId'])
  t.notOk(
    completeOne({ 'x-idempotency-key': true })?.['x-idempotency-key'],
    'the document does not contain x-idempotency-key',
  )
})

t.test(
  'an operation that declares 401 requires credentials, unless its route declares security',
  async (t) => {
    const responses = { ...SUCCESS, 401: RESPONSE }
    t.same(completeOne({})?.security, [])
    t.same(completeOne({ responses })?.security, [{ basic: [] }, { bearer: [] }])
    t.same(completeOne({ responses, security: [{ bearer: [] }] })?.security, [{ bearer: [] }])
  },
)

t.test('a security scheme that no operation requires is left out', async (t) => {
  const responses = { ...SUCCESS, 401: RESPONSE }
  const schemes = (operation: Operation) =>
    complete({ '/books': { get: operation } }).components.securitySchemes
  t.strictSame(schemes({ responses }), SECURITY_SCHEMES)
  t.strictSame(schemes({ responses, security: [{ basic: [] }] }), { basic: { type: 'http' } })
  t.strictSame(schemes({ responses: SUCCESS }), {})
})

t.test(
  'the tag of an operation is the first path segment, unless its route declares tags',
  async (t) => {
    t.same(completeOne({}, 'get', '/books/{id}')?.tags, ['books'])
    t.same(completeOne({}, 'get', '/books.json')?.tags, ['books'])
    t.same(completeOne({}, 'get', '/')?.tags, ['root'])
    t.same(completeOne({ tags: ['library'] })?.tags, ['library'])
  },
)

t.test('the description of an operation includes If-Match and Idempotency-Key', async (t) => {
  const describe = (operation: Partial<Operation>) => completeOne(operation)?.description
  t.equal(describe({}), undefined)
  t.equal(describe({ description: 'Mine.' }), 'Mine.')
  t.match(
    describe({ responses: { 204: RESPONSE, 428: RESPONSE }, description: 'Mine.' }),
    /^Mine\.\n\n.*If-Match with its current ETag is required/,
  )
  t.match(describe({ 'x-idempotency-key': true }), /Idempotency-Key gets the first response/)
})

t.test('JSON comes first in the content of bodies and responses', async (t) => {
  const content = { 'text/plain': {}, 'application/json': {}, 'application/xml': {} }
  const responses = { 200: { ...RESPONSE, content }, 400: RESPONSE }
  const { paths, components } = complete({
    '/books': { post: { responses, requestBody: { content } } },
  })
  const { requestBody, responses: completed } = paths['/books']?.post ?? {}
  const expected = ['application/json', 'text/plain', 'application/xml']
  t.strictSame(Object.keys(requestBody?.content ?? {}), expected)
  t.strictSame(Object.keys(Object(completed?.[200]).content), expected)
  const [first] = Object.keys(components.responses.BadRequest?.content ?? {})
  t.equal(first, 'application/json')
})

t.test('all errors have one type', async (t) => {
  const { components } = complete({ '/books': { get: { responses: SUCCESS } } })
  for (const [name, { content = {} }] of Object.entries(components.responses)) {
    const types = new Set(Object.values(content).map(({ schema }) => Object(schema).$ref))
    t.strictSame([...types], ['#/components/schemas/Problem'], name)
  }
  const names = Object.values(components.responses.NotAcceptable?.content ?? {}).map(
    ({ schema }) => Object(schema).xml?.name,
  )
  t.strictSame(names, [undefined, undefined, 'error', 'problem'])
})

t.test('the description of a tag is the x-resource of one of its routes', async (t) => {
  const { tags, paths } = complete({
    '/books': { get: { responses: SUCCESS }, post: { responses: SUCCESS, 'x-resource': 'Books' } },
    '/shelves': { get: { responses: SUCCESS } },
  })
  t.strictSame(tags, [{ name: 'books', description: 'Books' }, { name: 'shelves' }])
  t.notOk(paths['/books']?.post?.['x-resource'])
})

t.test('a POST without a body schema accepts every media type that can be parsed', async (t) => {
  const content = completeOne({}, 'post')?.requestBody?.content ?? {}
  t.ok(content['application/json'] && content['text/plain'] && content['multipart/form-data'])
  t.notOk(completeOne({}, 'get')?.requestBody)
  t.notOk(completeOne({}, 'delete')?.requestBody)
})

t.test('a route with several methods gets an operationId for each', async (t) => {
  const operation = { operationId: 'mirror', responses: SUCCESS }
  const { paths } = complete({ '/mirror': { get: operation, post: operation } })
  t.equal(paths['/mirror']?.get?.operationId, 'mirrorGet')
  t.equal(paths['/mirror']?.post?.operationId, 'mirrorPost')
})

t.test('a path wildcard becomes a named parameter', async (t) => {
  const rest = { name: '*', in: 'path', description: 'The rest', schema: {} } as const
  const operation = { parameters: [rest], responses: SUCCESS }
  const { paths } = complete({ '/files/{*}': { get: operation } })
  t.strictSame(paths['/files/{path}']?.get?.parameters?.[0], { ...rest, name: 'path' })
  t.notOk(paths['/files/{*}'])
})

t.test('a titled schema becomes a component', async (t) => {
  const book = { type: 'object', title: 'Book', properties: { id: { type: 'integer' } } }
  const books = { type: 'array', title: 'Books', items: book }
  const other = { ...book, description: 'Another with that title' }
  const content = { a: { schema: book }, b: { schema: books }, c: { schema: other } }
  const document = complete({ '/': { get: { responses: { 200: { ...RESPONSE, content } } } } })
  const properties = { id: { format: 'int64', type: 'integer' } }
  t.strictSame(Object(document.paths['/']?.get?.responses[200]).content, {
    a: { schema: { $ref: '#/components/schemas/Book' } },
    b: { schema: { $ref: '#/components/schemas/Books' } },
    c: { schema: { ...other, properties, xml: { name: 'book' } } },
  })
  const { Book, Books } = document.components.schemas
  t.strictSame(Book, { ...book, properties, xml: { name: 'book' } })
  t.strictSame(Books, {
    type: 'array',
    title: 'Books',
    items: { $ref: '#/components/schemas/Book', xml: { name: 'item' } },
    xml: { wrapped: true },
  })
})

t.test('an example that looks like a schema stays unchanged', async (t) => {
  const example = { type: 'integer', title: 'no schema' }
  const schema = { type: 'object', examples: [example] }
  const content = { 'application/json': { example, schema } }
  const responses = { 200: { ...RESPONSE, content } }
  t.strictSame(Object(completeOne({ responses })?.responses[200]).content, content)
})

t.test('the example of a body is also in its schema', async (t) => {
  const content = { 'application/json': { example: { a: 1 }, schema: { type: 'object' } } }
  t.strictSame(completeOne({ requestBody: { content } }, 'post')?.requestBody, {
    content: {
      'application/json': {
        schema: { type: 'object', examples: [{ a: 1 }] },
        example: { a: 1 },
      },
    },
  })
})

t.test('several examples of a body are in its schema, and the first one beside it', async (t) => {
  const examples = { example1: { value: { a: 1 } }, example2: { value: { a: 2 } } }
  const content = { 'application/json': { examples, schema: { type: 'object' } } }
  t.strictSame(completeOne({ requestBody: { content } }, 'post')?.requestBody, {
    content: {
      'application/json': {
        schema: { type: 'object', examples: [{ a: 1 }, { a: 2 }] },
        example: { a: 1 },
      },
    },
  })
})

t.test('the example of an XML body stays beside its schema', async (t) => {
  const body = { example: '<a/>', schema: { type: 'object' } }
  const content = { 'application/xml': body, 'application/atom+xml': body }
  t.strictSame(completeOne({ requestBody: { content } }, 'post')?.requestBody, { content })
})
