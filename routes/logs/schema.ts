import { Type } from 'typebox'
import { problemResponses, textOrDataResponse } from '../../src/schemas/responses.ts'

const Advice = Type.Object(
  { message: Type.String({ description: 'What to do next' }) },
  { title: 'Advice', examples: [{ message: 'check your logs' }] },
)

export const writeLogs = {
  operationId: 'writeLogs',
  summary: 'Write a line to the log at three levels',
  response: {
    200: textOrDataResponse('The lines are written', Advice, { example: 'check your logs\n' }),
    ...problemResponses(),
  },
} as const
