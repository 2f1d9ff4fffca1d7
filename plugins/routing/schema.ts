import { Type } from 'typebox'
import { problemResponses, textOrDataResponse } from '../../src/schemas/responses.ts'

const EntryPoints = Type.Object(
  {
    name: Type.String({ description: 'Name of the service' }),
    links: Type.Record(Type.String(), Type.String(), {
      description: 'Paths of the entry points, by name',
    }),
  },
  {
    title: 'EntryPoints',
    examples: [{ name: 'restful-web-api', links: { readiness: '/health/ready' } }],
  },
)

export const listEntryPoints = {
  operationId: 'listEntryPoints',
  summary: 'List the entry points',
  'x-resource': 'Entry points of the service',
  response: {
    200: textOrDataResponse('The entry points', EntryPoints, { example: 'Welcome' }),
    ...problemResponses(),
  },
} as const
