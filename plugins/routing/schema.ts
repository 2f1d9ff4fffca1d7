import { Type } from 'typebox'
import { problemResponses, textOrDataResponse } from '../../src/schemas/responses.ts'

const Index = Type.Object(
  {
    name: Type.String({ description: 'Name of the service' }),
    links: Type.Record(Type.String(), Type.String(), {
      description: 'Paths of the entry points, by name',
    }),
  },
  {
    title: 'Index',
    examples: [{ name: 'restful-web-api', links: { readiness: '/health/ready' } }],
  },
)

export const readIndex = {
  operationId: 'readIndex',
  summary: 'List the entry points',
  response: {
    200: textOrDataResponse('The entry points', Index, { example: 'Welcome' }),
    ...problemResponses(),
  },
} as const
