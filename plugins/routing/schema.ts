import { Type } from 'typebox'
import { problemResponses, textOrDataResponse } from '../../src/schemas/responses.ts'

const Index = Type.Object(
  {
    name: Type.String({ description: 'What this service is called' }),
    links: Type.Record(Type.String(), Type.String(), {
      description: 'Where each resource is, by its name',
    }),
  },
  {
    title: 'Index',
    examples: [{ name: 'restful-web-api', links: { articles: '/articles' } }],
  },
)

export const readIndex = {
  operationId: 'readIndex',
  summary: 'Welcome the client, and say what there is',
  response: {
    200: textOrDataResponse('The index of the service', Index, { example: 'Welcome' }),
    ...problemResponses(),
  },
} as const
