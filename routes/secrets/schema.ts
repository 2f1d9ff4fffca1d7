import { Type } from 'typebox'
import { problems, textOrData } from '../../src/schemas/responses.ts'

const Secret = Type.Object(
  { message: Type.String({ description: 'The secret' }) },
  { title: 'Secret', examples: [{ message: 'Shhh this is top secret spy stuff!' }] },
)

export const readSecret = {
  operationId: 'readSecret',
  summary: 'Read a secret',
  response: {
    200: textOrData('The secret', Secret, {
      fields: ['Cache-Control'],
      example: 'Shhh this is top secret spy stuff!',
    }),
    ...problems(401),
  },
} as const
