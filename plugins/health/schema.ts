import { Type } from 'typebox'
import { problemResponses, textOrDataResponse } from '../../src/schemas/responses.ts'

const parts = Type.Record(Type.String(), Type.Enum(['pass', 'fail']), {
  description: 'How each part is',
})

export const Health = Type.Object(
  {
    status: Type.String({ description: 'That it is alive, or ready' }),
    parts: Type.Optional(parts),
  },
  { title: 'Health', examples: [{ status: 'ready', parts: { database: 'pass' } }] },
)

const NOT_KEPT = { fields: ['Cache-Control'] } as const

export const readLiveness = {
  operationId: 'readLiveness',
  summary: 'Tell that the process answers',
  response: {
    200: textOrDataResponse('The process answers', Health, { ...NOT_KEPT, example: 'alive\n' }),
    ...problemResponses(),
  },
} as const

export const readReadiness = {
  operationId: 'readReadiness',
  summary: 'Tell whether the service can do its work',
  description:
    'Requests should come here only while this is 200. It is 503 where a part fails: draining (the ' +
    'service is about to end), database, migrations, workers, and those of other plugins. As JSON and ' +
    'XML, both have each part as pass or fail.',
  response: {
    200: textOrDataResponse('The service is ready', Health, { ...NOT_KEPT, example: 'ready\n' }),
    ...problemResponses(503),
  },
} as const
