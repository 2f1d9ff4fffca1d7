/** OpenAPI document of a small API, in YAML. */
export const DOCUMENT = `
openapi: 3.1.1
info: { title: Pets, version: 1.0.0 }
components:
  schemas:
    Pet:
      type: object
      xml: { name: json }
      required: [id, name]
      properties:
        id: { type: integer }
        name: { type: string, maxLength: 9 }
        kind: { type: string, enum: [cat, dog] }
        born: { type: [string, 'null'], format: date }
        type: { type: string, x-deprecation: { sunset: 2026-11-30 } }
    NewPet:
      type: object
      required: [name]
      properties:
        name: { type: string, minLength: 1 }
        race: { type: string }
        color: { type: string, enum: [red, blue] }
        weight: { type: integer }
        size: { anyOf: [{ const: small }, { const: large }] }
paths:
  /pets:
    get:
      parameters: [
        { in: query, name: sort, schema: { type: string, enum: [up, down] } },
        { in: query, name: limit, schema: { type: integer, maximum: 100 } },
        { in: query, name: old, schema: { type: string, x-deprecation: { sunset: 2026-11-30 } } }
      ]
      responses:
        200:
          headers: { Link: { required: true, schema: { type: string } } }
          content: {
            application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Pet' } } },
            application/xml: { schema: { type: object, xml: { name: pet } } },
            text/plain: { schema: { type: string } }
          }
    post:
      security: []
      requestBody:
        required: false
        content: {
          application/json: { schema: { $ref: '#/components/schemas/NewPet' } },
          text/csv: { schema: { type: string } }
        }
      responses: { 204: { description: Created } }
  /gone: { get: { x-deprecation: { sunset: 2026-11-30 }, responses: { 204: { description: Done } } } }
  /late: { get: { x-deprecation: { sunset: 2026-12-01 }, responses: { 204: { description: Done } } } }
`

/** Date of the comparison. */
export const TODAY = '2026-11-30'

/** Changes that break clients: title, text of the document, its replacement, and the end of the description. */
export const BREAKING = [
  ['a removed operation', '/late: {', '/later: {', 'remove paths /late get'],
  ['a removed status', '200:', '201:', 'remove paths /pets get responses 200'],
  [
    'a removed media type of a response',
    'text/plain',
    'text/html',
    'responses 200 content text/plain',
  ],
  [
    'a removed header field',
    '{ Link:',
    '{ Age:',
    'remove paths /pets get responses 200 headers Link',
  ],
  [
    'a header field that may be missing',
    '{ required: true',
    '{ required: false',
    'headers Link required',
  ],
  ['a removed member of a response', 'kind:', 'sort:', 'schema items properties kind'],
  ['a member that may be missing', '[id, name]', '[id]', 'schema items required name'],
  [
    'another type of a member of a response',
    'id: { type: integer',
    'id: { type: string',
    'properties id type',
  ],
  [
    'a member of a response that may be null',
    'id: { type: integer',
    "id: { type: [integer, 'null']",
    'properties id type',
  ],
  [
    'another format of a member of a response',
    'format: date',
    'format: date-time',
    'properties born format',
  ],
  [
    'a new value of a member of a response',
    '[cat, dog]',
    '[cat, cow, dog]',
    'properties kind enum cow',
  ],
  ['another name of an XML element', 'name: pet', 'name: animal', 'xml name'],
  [
    'a new required parameter',
    'parameters: [',
    'parameters: [{ in: query, name: a, required: true },',
    'add paths /pets get parameters a',
  ],
  [
    'a parameter that becomes required',
    'name: sort',
    'name: sort, required: true',
    'get parameters sort required',
  ],
  ['a removed parameter', 'name: limit', 'name: size', 'remove paths /pets get parameters limit'],
  [
    'another type of a parameter',
    'sort, schema: { type: string',
    'sort, schema: { type: integer',
    'parameters sort schema type',
  ],
  [
    'a lower maximum of a parameter',
    'maximum: 100',
    'maximum: 50',
    'parameters limit schema maximum',
  ],
  ['a removed value of a parameter', '[up, down]', '[up]', 'parameters sort schema enum down'],
  [
    'a member of a request that becomes required',
    '[name]',
    '[name, race]',
    'requestBody content application/json schema required race',
  ],
  ['a removed member of a request', 'weight:', 'mass:', 'schema properties weight'],
  [
    'another type of a member of a request',
    'weight: { type: integer',
    'weight: { type: string',
    'properties weight type',
  ],
  ['a narrowed enum of a request', '[red, blue]', '[red]', 'properties color enum blue'],
  ['a removed constant of a request', ', { const: large }', '', 'properties size anyOf 1'],
  ['a stricter limit of a request', 'minLength: 1', 'minLength: 2', 'properties name minLength'],
  [
    'a new pattern of a request',
    'minLength: 1',
    'minLength: 1, pattern: ^a',
    'properties name pattern',
  ],
  [
    'a body that becomes required',
    'required: false',
    'required: true',
    'post requestBody required',
  ],
  ['a removed media type of a request', 'text/csv', 'text/html', 'requestBody content text/csv'],
  [
    'an operation that requires authentication',
    'security: []',
    'security: [{ basic: [] }]',
    'post security 0',
  ],
] as const

/** Changes that break no client: title, text of the document, and its replacement. */
export const COMPATIBLE = [
  ['a new operation', '/late: {', '/late: { put: { responses: { 204: { description: Done } } },'],
  ['a new path', 'paths:', 'paths:\n  /new: { get: { responses: {} } }'],
  ['a new status', '204:', '202: { description: Accepted }, 204:'],
  ['a new media type of a response', 'text/plain', 'text/html: {}, text/plain'],
  ['a new media type of a request', 'text/csv', 'text/html: {}, text/csv'],
  ['a new header field', '{ Link:', '{ Age: { required: true, schema: {} }, Link:'],
  ['a new member of a response', 'kind:', 'sort: {}\n        kind:'],
  [
    'a new member of a response that is always there',
    'required: [id, name]\n      properties:',
    'required: [id, name, sort]\n      properties:\n        sort: {}',
  ],
  ['a name of an XML element in another media type', 'name: json', 'name: other'],
  ['a member of a response that is always there', '[id, name]', '[kind, name, id]'],
  ['a member of a response that cannot be null', "[string, 'null']", 'string'],
  ['a shorter text of a response', 'maxLength: 9', 'maxLength: 8'],
  ['a new optional parameter', 'parameters: [', 'parameters: [{ in: query, name: a },'],
  ['a new optional member of a request', 'weight:', 'age: {}\n        weight:'],
  ['a member of a request that becomes optional', 'required: [name]', 'required: []'],
  ['a wider type of a request', 'weight: { type: integer', 'weight: { type: number'],
  [
    'a member of a request that may be null',
    'weight: { type: integer',
    "weight: { type: [integer, 'null']",
  ],
  ['a new value of a request', '[red, blue]', '[blue, green, red]'],
  ['a new constant of a request', '{ const: large }', '{ const: tall }, { const: large }'],
  ['a looser limit of a request', 'minLength: 1', 'minLength: 0'],
  ['descriptions and examples', 'weight: {', 'weight: { description: Weight, examples: [1],'],
  ['a deprecated operation', '/late: { get: {', '/late: { get: { deprecated: true,'],
  ['a removed operation whose sunset is over', '/gone:', '/going:'],
  ['a removed parameter whose sunset is over', 'name: old', 'name: new'],
  ['a removed member whose sunset is over', 'type: { type', 'race: { type'],
] as const
