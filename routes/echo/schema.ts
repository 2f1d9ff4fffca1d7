import { Type } from 'typebox'
import { problemResponses, textOrDataResponse } from '../../src/schemas/responses.ts'

const Echo = Type.Object(
  {
    method: Type.String({ description: 'Method of the request' }),
    url: Type.String({ description: 'Path and query of the request' }),
    headers: Type.Record(Type.String(), Type.Union([Type.String(), Type.Array(Type.String())]), {
      description:
        'Some header fields of the request, by name in lower case: those about its content, the ' +
        'preferences of the client, Host, Origin and User-Agent',
    }),
    body: Type.Union([Type.String(), Type.Null()], {
      description:
        'Body of the request: as text if it is UTF-8, otherwise as base64; null if there is none',
    }),
  },
  {
    title: 'Echo',
    examples: [{ method: 'GET', url: '/echo', headers: { host: '127.0.0.1:5000' }, body: null }],
  },
)

export const echo = {
  operationId: 'echo',
  summary: 'Return the request',
  'x-resource': 'The request itself',
  response: {
    200: textOrDataResponse('The request', Echo, { example: 'ECHO: GET\n' }),
    ...problemResponses(400),
  },
} as const
