import { Type } from 'typebox'
import { contentResponse, problemResponses } from '../../src/schemas/responses.ts'

/** Media type of OpenAPI documents in JSON (spec.openapis.org/registry). */
const OPENAPI_JSON = 'application/vnd.oai.openapi+json;version=3.1'

/** Media type of YAML (RFC 9512). */
const YAML = 'application/yaml'

const FIELDS = ['ETag'] as const
const json = {
  schema: Type.Object(
    { openapi: Type.String() },
    { title: 'OpenApi', examples: [{ openapi: '3.1.1' }] },
  ),
}

const yaml = { schema: Type.String(), example: 'openapi: 3.1.1\n' }

export const readOpenApi = {
  operationId: 'readOpenApi',
  summary: 'Read the OpenAPI document as JSON',
  'x-resource': 'This description of the API',
  response: {
    200: contentResponse(
      'The OpenAPI document',
      { 'application/json': json, [OPENAPI_JSON]: json },
      FIELDS,
    ),
    ...problemResponses(400),
  },
} as const

export const readOpenApiYaml = {
  operationId: 'readOpenApiYaml',
  summary: 'Read the OpenAPI document as YAML',
  response: {
    200: contentResponse('The OpenAPI document', { [YAML]: yaml }, FIELDS),
    ...problemResponses(400),
  },
} as const
