/** Rules for the OpenAPI document that generators of clients need, for each resource of the service. */
import t from 'tap'
import type { Content, Document, Operation, Response } from '../../plugins/openapi/openapi.ts'
import { build } from '../app.ts'
import { findWrongExamples } from './find-examples.ts'
import { findClashes } from './names.ts'
import { findWording } from './words.ts'

const app = await build(t)
await app.ready()
const document = app.openApiDocument()

t.test('no name clashes in clients in TypeScript, Python, Java or Go', async (t) => {
  t.strictSame(findClashes(document), [])
})

t.test('summaries are verb phrases of at most six words, and tags are described', async (t) => {
  t.strictSame(findWording(document), [])
})

t.test('JSON comes first in the content of each body and response', async (t) => {
  const operations = Object.values(document.paths).flatMap((item) => Object.values(item))
  const contents: (Content | undefined)[] = [
    ...operations.map(({ requestBody }) => requestBody?.content),
    ...operations.flatMap(({ responses }) =>
      Object.values(responses).map((response) => Object(response).content),
    ),
    ...Object.values(document.components.responses).map(({ content }) => content),
  ]
  for (const content of contents) {
    const types = Object.keys(content ?? {})
    if (types.includes('application/json')) t.equal(types[0], 'application/json')
  }
})

t.test('each body and response has an example that matches its schema', async (t) => {
  t.strictSame(findWrongExamples(document), [])
})

const RESPONSE: Response = { description: 'A response' }

/** Returns a document with these operations of `/items`, by method. */
function documentOf(items: Record<string, Partial<Operation>>, schemas: string[] = []): Document {
  const paths = Object.entries(items).map(([method, operation]) => {
    return [method, { responses: { 200: RESPONSE }, ...operation }]
  })
  return {
    ...document,
    tags: [{ name: 'items' }],
    paths: { '/items': Object.fromEntries(paths) },
    components: {
      ...document.components,
      schemas: Object.fromEntries(schemas.map((name) => [name, {}])),
    },
  }
}

t.test('findClashes() says how to rename', async (t) => {
  const query = (name: string) => [{ in: 'query', name, schema: {}, description: '' } as const]
  const changes = findClashes(
    documentOf(
      {
        get: { operationId: 'listItems', parameters: query('type') },
        post: { operationId: 'listitems', parameters: query('kind') },
        delete: { operationId: 'delete', parameters: query('class') },
      },
      ['Error', 'Index', 'ListItemsResponse', 'Item'],
    ),
  )
  t.strictSame(changes, [
    'rename the title of a schema Error: it has another meaning in TypeScript',
    'rename the title of a schema Index: it has another meaning in a file of each client',
    'rename the operationId delete: it has another meaning in TypeScript',
    'rename the parameter of listItems type: it has another meaning in Go',
    'rename the parameter of delete class: it has another meaning in TypeScript',
    'rename listitems: another name differs from it only in case',
    'rename the schema ListItemsResponse: generators derive this name from an operationId',
  ])
})

t.test('findWording() names the text to write', async (t) => {
  const changes = findWording(
    documentOf({
      get: { summary: 'The items' },
      post: { summary: 'Create an item or change one of the others' },
      put: { summary: 'Create or replace an item' },
      delete: {},
    }),
  )
  t.strictSame(changes, [
    'begin the summary of GET /items with a verb; VERBS in test/openapi/words.ts lists them',
    'shorten the summary of POST /items to at most 6 words; details go to description',
    'begin the summary of DELETE /items with a verb; VERBS in test/openapi/words.ts lists them',
    "say what /items is: 'x-resource': '…' in the schema of one of its routes",
  ])
})

t.test('findWrongExamples() names the example to add or correct', async (t) => {
  const schema = { type: 'integer' }
  const content = {
    'application/json': { schema, example: '1' },
    'application/xml': { schema, example: '<a>1</a>' },
    'text/plain': { schema: { ...schema, examples: [1] } },
    'text/csv': {},
  }
  const responses = { 200: { ...RESPONSE, content } }
  const { components, ...rest } = documentOf({ get: { responses } })
  const changes = findWrongExamples({ ...rest, components: { ...components, responses: {} } })
  t.strictSame(changes, [
    'correct the example ( must be integer) for application/json to the 200 of GET /items',
    'add an example (`examples` of the schema) for text/csv to the 200 of GET /items',
  ])
})
