import { Type } from 'typebox'
import { problemResponses, textOrDataResponse } from '../../src/schemas/responses.ts'

const Secret = Type.Object(
  { message: Type.String({ description: 'The secret' }) },
  { title: 'Secret', examples: [{ message: 'Shhh this is top secret spy stuff!' }] },
)

export const readSecret = {
  operationId: 'readSecret',
  summary: 'Read the secret',
  'x-resource': 'A text that requires credentials',
  response: {
    200: textOrDataResponse('The secret', Secret, {
      example: 'Shhh this is top secret spy stuff!',
    }),
    ...problemResponses(),
  },
} as const
