import { Type } from 'typebox'
import { problemResponses, textOrDataResponse } from '../../src/schemas/responses.ts'

const Advice = Type.Object(
  { message: Type.String({ description: 'Advice for the client' }) },
  { title: 'Advice', examples: [{ message: 'check your logs' }] },
)

export const writeLogs = {
  operationId: 'writeLogs',
  summary: 'Log a line at three levels',
  'x-resource': 'Lines in the log of the service',
  response: {
    200: textOrDataResponse('The lines are in the log', Advice, { example: 'check your logs\n' }),
    ...problemResponses(),
  },
} as const
