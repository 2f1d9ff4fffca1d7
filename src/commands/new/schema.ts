/** Writes `schema.ts`. */
import type { Field } from './fields.ts'
import { capitalize, withArticle, wordsOf } from './names.ts'
import { exampleOf, filtersOf, literal, parameterOf, patchedOf, type Resource } from './resource.ts'

export function writeSchema(resource: Resource): string {
  const { fields, parent, type } = resource
  const helpers = fields.flatMap(({ helper }) => helper ?? [])
  const isUnique = fields.some((field) => field.isUnique)
  return `import { type Static, Type } from 'typebox'
import { patchContent } from '../../src/http/patch.ts'
import { defineList, pageOf } from '../../src/schemas/list.ts'
import { ${[...new Set(['resourceId', ...helpers])].join(', ')} } from '../../src/schemas/property-schemas.ts'
import { dataResponse, noContent, PAGED, problemResponses } from '../../src/schemas/responses.ts'
${parent ? `import { ${parent.type}Params } from '../${parent.folder}/schema.ts'` : ''}

const properties = {
${fields.map(propertyOf).join('\n')}
}

const EXAMPLE = ${literal(exampleOf(fields, 0))}
${isUnique ? `const OTHER_EXAMPLE = ${literal(exampleOf(fields, 1))}` : ''}

${bodyAndItem(resource, isUnique ? 'EXAMPLE, OTHER_EXAMPLE' : 'EXAMPLE')}

const the${type} = dataResponse('The ${wordsOf(resource.singular)}', ${type}, { fields: ['ETag'] })

${collectionSchemas(resource)}
${itemSchemas(resource)}`
}

function propertyOf({ member, schema, isOptional, target }: Field): string {
  const name = target ? member.replace(/Id$/, '') : member
  const value = schema(literal(capitalize(wordsOf(name))))
  return `${member}: ${isOptional ? `Type.Optional(${value})` : value},`
}

function bodyAndItem(resource: Resource, examples: string): string {
  const { type, singular, parent } = resource
  const words = wordsOf(singular)
  const params = parent ? `...${parent.type}Params.properties, ` : ''
  return `/** ${capitalize(withArticle(singular))} in the body of a request. */
export const New${type} = Type.Object(properties, {
  title: 'New${type}',
  examples: [${examples}],
  additionalProperties: false,
})
export type New${type} = Static<typeof New${type}>

export const ${type} = Type.Object(
  { id: resourceId('${words}'), ...properties },
  { title: '${type}', examples: [{ id: 1, ...EXAMPLE }] },
)
export type ${type} = Static<typeof ${type}>

export const ${type}Params = Type.Object({ ${params}${parameterOf(resource)}: resourceId('${words}') })
export type ${type}Params = Static<typeof ${type}Params>`
}

function collectionSchemas(resource: Resource): string {
  const { type, singular, plural, pluralType, parent } = resource
  const filters = filtersOf(resource).map(({ member }) => `${member}: 'eq'`)
  const options = filters.length > 0 ? `, { filters: { ${filters.join(', ')} } }` : ''
  const params = parent ? `params: ${parent.type}Params,` : ''
  const statuses = parent ? '400, 404' : '400'
  const many = wordsOf(plural)
  return `export const ${singular}List = defineList(${type}${options})

export const list${pluralType} = {
  operationId: 'list${pluralType}',
  summary: 'List ${many}',
  ${params || `'x-resource': '${capitalize(many)}',`}
  querystring: ${singular}List.query,
  response: {
    200: dataResponse('A page of ${many}', pageOf('${pluralType}', ${type}), { fields: PAGED }),
    ...problemResponses(${statuses}),
  },
} as const

export const create${type} = {
  operationId: 'create${type}',
  summary: 'Create ${withArticle(singular)}',
  'x-idempotency-key': true, ${params}
  body: New${type},
  response: { 201: the${type}, ...problemResponses(${statuses}) },
} as const
`
}

function itemSchemas({ type, singular, fields }: Resource): string {
  const example = exampleOf([patchedOf(fields)], 1)
  const operation = (verb: string, rest: string) => `export const ${verb.toLowerCase()}${type} = {
  operationId: '${verb.toLowerCase()}${type}',
  summary: '${verb === 'Patch' ? 'Change' : verb} ${withArticle(singular)}',
  params: ${type}Params,
  ${rest}
} as const
`
  const success = `200: the${type}`
  const found = (statuses = '400, 404') =>
    `response: { ${success}, ...problemResponses(${statuses}) },`
  const gone = `noContent('The ${wordsOf(singular)} was deleted')`
  return [
    operation('Read', found()),
    operation('Replace', `body: New${type}, ${found()}`),
    operation(
      'Patch',
      `body: { content: patchContent(${literal(example)}) }, ${found('400, 404, 409, 422')}`,
    ),
    operation('Delete', `response: { 204: ${gone}, ...problemResponses(400, 404) },`),
  ].join('\n')
}
