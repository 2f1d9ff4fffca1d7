import t from 'tap'
import { completeDocument } from '../../../plugins/openapi/document.ts'
import type { Document, Operation } from '../../../plugins/openapi/openapi.ts'

const DESCRIBED = { description: 'It' }
const GIVEN = { 200: DESCRIBED }
const NONE = { schemas: {}, headers: {}, parameters: {}, responses: {}, securitySchemes: {} }

function complete(paths: Document['paths']): Document {
  return completeDocument({
    openapi: '3.1.1',
    info: { title: 'Test', version: '1' },
    paths,
    components: NONE,
  })
}

function completeOne(operation: Partial<Operation>, method = 'get', path = '/books') {
  return complete({ [path]: { [method]: { responses: GIVEN, ...operation } } }).paths[path]?.[
    method
  ]
}

t.test('every operation may fail as any can, and each failure is described once', async (t) => {
  const responses = { ...GIVEN, 404: DESCRIBED }
  const { paths, components } = complete({ '/books': { get: { responses } } })
  const completed = paths['/books']?.get?.responses ?? {}
  const statuses = ['200', '400', '404', '406', '429', '500', '503', 'default']
  t.strictSame(Object.keys(completed), statuses)
  t.strictSame(completed[404], { $ref: '#/components/responses/NotFound' })
  t.match(components.responses.NotFound, { description: /^Not Found: / })
  t.notOk(components.responses.Conflict, 'what nothing refers to is left out')
  t.notOk(components.headers['Content-Range'], 'and what only that refers to')
})

t.test('header fields of replies follow from the status and the route', async (t) => {
  const fieldsOf = (status: number, headers = {}) => {
    const responses = { 200: { ...DESCRIBED, headers }, [status]: { ...DESCRIBED, headers } }
    const response = completeOne({ responses })?.responses[status]
    return Object.keys(Object(response).headers).filter((name) => !/Id$|Vary|^Rate/.test(name))
  }
  t.same(fieldsOf(200), [])
  t.same(fieldsOf(200, { Link: {} }), ['Link'])
  t.same(fieldsOf(201), ['Location'])
  t.same(fieldsOf(206), ['Content-Range'])
  t.same(fieldsOf(304, { 'Cache-Control': {} }), ['ETag', 'Last-Modified', 'Cache-Control'])
})

t.test('a 304 has the fields of the 200', async (t) => {
  const headers = { 'Cache-Control': { $ref: '#' } }
  const responses = { 200: { ...DESCRIBED, headers }, 304: DESCRIBED }
  const headersOf304 = Object(completeOne({ responses })?.responses[304]).headers
  t.ok(headersOf304['Cache-Control'])
})

t.test('header fields of requests follow from the statuses', async (t) => {
  const parametersOf = (statuses: number[], extension: Partial<Operation> = {}) => {
    const responses = Object.fromEntries(statuses.map((status) => [status, DESCRIBED]))
    const parameters = completeOne({ responses, ...extension }, 'put')?.parameters ?? []
    return parameters.map((parameter) => String(Object(parameter).$ref).replace(/.*\//, ''))
  }
  t.same(parametersOf([200]), ['RequestId'])
  t.same(parametersOf([200, 206]), ['Range', 'IfRange', 'RequestId'])
  t.same(parametersOf([204, 428]), ['IfMatchRequired', 'IfUnmodifiedSince', 'RequestId'])
  t.same(parametersOf([200, 201, 428]).slice(0, 2), ['IfMatch', 'IfNoneMatch'])
  t.same(parametersOf([200, 304]).slice(0, 2), ['IfNoneMatch', 'IfModifiedSince'])
  t.same(parametersOf([201], { 'x-idempotency-key': true }), ['IdempotencyKey', 'RequestId'])
  t.notOk(
    completeOne({ 'x-idempotency-key': true })?.['x-idempotency-key'],
    'what it follows from is left out',
  )
})

t.test('credentials are asked for where 401 is declared, or as the route says', async (t) => {
  const responses = { ...GIVEN, 401: DESCRIBED }
  t.same(completeOne({})?.security, [])
  t.same(completeOne({ responses })?.security, [{ basic: [] }, { bearer: [] }])
  t.same(completeOne({ responses, security: [{ bearer: [] }] })?.security, [{ bearer: [] }])
})

t.test('a scheme that no operation asks for is left out', async (t) => {
  const schemes = (responses: Operation['responses']) =>
    completeDocument({
      openapi: '3.1.1',
      info: { title: 'Test', version: '1' },
      paths: { '/books': { get: { responses } } },
      components: { ...NONE, securitySchemes: { basic: { type: 'http' }, other: {} } },
    }).components.securitySchemes
  t.strictSame(schemes({ ...GIVEN, 401: DESCRIBED }), { basic: { type: 'http' } })
  t.strictSame(schemes(GIVEN), {})
})

t.test('the tag of an operation is the first segment, or the one of the route', async (t) => {
  t.same(completeOne({}, 'get', '/books/{id}')?.tags, ['books'])
  t.same(completeOne({}, 'get', '/books.json')?.tags, ['books'])
  t.same(completeOne({}, 'get', '/')?.tags, ['root'])
  t.same(completeOne({ tags: ['library'] })?.tags, ['library'])
})

t.test('a description tells what follows from the rest', async (t) => {
  const given = (...types: string[]) => ({
    200: { ...DESCRIBED, content: Object.fromEntries(types.map((type) => [type, {}])) },
  })
  const describe = (operation: Partial<Operation>) => completeOne(operation)?.description
  t.equal(describe({}), '')
  t.equal(describe({ responses: given('text/plain') }), 'Given as text/plain.')
  t.equal(
    describe({ responses: given('text/plain', 'text/html'), description: 'Mine.' }),
    'Mine.\n\nGiven as text/plain or, where Accept asks for it, text/html.',
  )
  t.equal(describe({ responses: given('*/*') }), '', 'only the handler knows')
  t.match(describe({ responses: { 204: DESCRIBED, 428: DESCRIBED } }), /If-Match has to/)
  t.match(describe({ 'x-idempotency-key': true }), /Idempotency-Key is done once/)
})

t.test('a route that says nothing of a body takes all that can be read', async (t) => {
  const content = completeOne({}, 'post')?.requestBody?.content ?? {}
  t.ok(content['application/json'] && content['text/plain'] && content['multipart/form-data'])
  t.notOk(completeOne({}, 'get')?.requestBody)
  t.notOk(completeOne({}, 'delete')?.requestBody)
})

t.test('a route of several methods has a name for each', async (t) => {
  const operation = { operationId: 'echo', responses: GIVEN }
  const { paths } = complete({ '/echo': { get: operation, post: operation } })
  t.equal(paths['/echo']?.get?.operationId, 'echoGet')
  t.equal(paths['/echo']?.post?.operationId, 'echoPost')
})

t.test('the wildcard of a path gets a name', async (t) => {
  const rest = { name: '*', in: 'path', description: 'The rest', schema: {} } as const
  const operation = { parameters: [rest], responses: GIVEN }
  const { paths } = complete({ '/files/{*}': { get: operation } })
  t.match(paths['/files/{path}']?.get?.parameters, [{ name: 'path' }])
})

t.test('a titled schema stands among the components', async (t) => {
  const book = { type: 'object', title: 'Book', properties: { id: { type: 'integer' } } }
  const books = { type: 'array', title: 'Books', items: book }
  const other = { ...book, description: 'Of the same title' }
  const content = { a: { schema: book }, b: { schema: books }, c: { schema: other } }
  const document = complete({ '/': { get: { responses: { 200: { ...DESCRIBED, content } } } } })
  t.match(document.paths['/']?.get?.responses[200], {
    content: {
      a: { schema: { $ref: '#/components/schemas/Book' } },
      b: { schema: { $ref: '#/components/schemas/Books' } },
      c: { schema: { title: 'Book', description: 'Of the same title' } },
    },
  })
  const { Book, Books } = document.components.schemas
  const properties = { id: { format: 'int64', type: 'integer' } }
  t.strictSame(Book, { ...book, properties, xml: { name: 'book' } })
  t.match(Books, {
    items: { $ref: '#/components/schemas/Book', xml: { name: 'item' } },
    xml: { wrapped: true },
  })
})

t.test('what is an example stays as it is', async (t) => {
  const example = { type: 'integer', title: 'no schema' }
  const schema = { type: 'object', examples: [example] }
  const content = { 'application/json': { example, schema } }
  const responses = { 200: { ...DESCRIBED, content } }
  t.match(completeOne({ responses })?.responses[200], { content })
})

t.test('the example of a body goes back into its schema', async (t) => {
  const content = { 'application/json': { example: { a: 1 }, schema: { type: 'object' } } }
  t.strictSame(completeOne({ requestBody: { content } }, 'post')?.requestBody, {
    content: { 'application/json': { schema: { type: 'object', examples: [{ a: 1 }] } } },
  })
})

t.test('the example of XML is text, and stays beside the schema', async (t) => {
  const content = { 'application/xml': { example: '<a/>', schema: { type: 'object' } } }
  t.strictSame(completeOne({ requestBody: { content } }, 'post')?.requestBody, { content })
})
