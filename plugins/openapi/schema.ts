import { Type } from 'typebox'
import { contentResponse, noContent, problemResponses } from '../../src/schemas/responses.ts'

/** OpenAPI's own media type (spec.openapis.org/registry), for whoever has to know what this JSON is. */
const OPENAPI_JSON = 'application/vnd.oai.openapi+json;version=3.1'

/** RFC 9512. */
const YAML = 'application/yaml'

const FIELDS = ['ETag', 'Cache-Control'] as const
const json = { schema: Type.Object({ openapi: Type.String() }, { title: 'OpenApi' }) }
const unchanged = noContent('The client has this contract')

export const readContract = {
  operationId: 'readContract',
  summary: 'Read the contract as JSON',
  response: {
    200: contentResponse(
      'The contract',
      { 'application/json': json, [OPENAPI_JSON]: json },
      FIELDS,
    ),
    304: unchanged,
    ...problemResponses(400, 412),
  },
} as const

export const readContractYaml = {
  operationId: 'readContractYaml',
  summary: 'Read the contract as YAML',
  response: {
    200: contentResponse('The contract', { [YAML]: { schema: Type.String() } }, FIELDS),
    304: unchanged,
    ...problemResponses(400, 412),
  },
} as const
