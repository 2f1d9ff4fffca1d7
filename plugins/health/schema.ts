import { Type } from 'typebox'
import { problemResponses, textOrDataResponse } from '../../src/schemas/responses.ts'

const parts = Type.Record(Type.String(), Type.Enum(['pass', 'fail']), {
  description: 'Result of each check, by the part of the service that it checks',
})

export const Health = Type.Object(
  {
    status: Type.String({ description: '`alive` or `ready`' }),
    parts: Type.Optional(parts),
  },
  { title: 'Health', examples: [{ status: 'ready', parts: { database: 'pass' } }] },
)

export const readLiveness = {
  operationId: 'readLiveness',
  summary: 'Check liveness',
  'x-resource': 'Liveness and readiness of the process',
  response: {
    200: textOrDataResponse('The process responds', Health, { example: 'alive\n' }),
    ...problemResponses(),
  },
} as const

export const readReadiness = {
  operationId: 'readReadiness',
  summary: 'Check readiness',
  description:
    'Send requests to this process only while the status is 200. The status is 503 if a part fails: ' +
    '`draining` (the service is shutting down), `database`, `migrations`, `memory`, `workers`, or a ' +
    'part that another plugin checks. JSON and XML list each part as pass or fail.',
  response: {
    200: textOrDataResponse('The service is ready', Health, { example: 'ready\n' }),
    ...problemResponses(503),
  },
} as const
