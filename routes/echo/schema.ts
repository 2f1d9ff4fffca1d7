import { Type } from 'typebox'
import { problemResponses, textOrDataResponse } from '../../src/schemas/responses.ts'

const Echo = Type.Object(
  {
    method: Type.String({ description: 'The method of the request' }),
    url: Type.String({ description: 'Its target, query included' }),
    headers: Type.Record(Type.String(), Type.Union([Type.String(), Type.Array(Type.String())]), {
      description: 'Its fields, by name in lower case; the value of a credential is not shown',
    }),
    body: Type.Union([Type.String(), Type.Null()], {
      description: 'Its body: text where it is UTF-8, else base64; null where there was none',
    }),
  },
  {
    title: 'Echo',
    examples: [{ method: 'GET', url: '/echo', headers: { host: '127.0.0.1:5000' }, body: null }],
  },
)

export const echo = {
  operationId: 'echo',
  summary: 'Say what was sent',
  response: {
    200: textOrDataResponse('The request', Echo, { example: 'ECHO: GET\n' }),
    ...problemResponses(400, 413, 415),
  },
} as const
