import { Type } from 'typebox'
import { problems, textOrData } from '../../src/schemas/responses.ts'

const Secret = Type.Object(
  { message: Type.String({ description: 'The secret' }) },
  { title: 'Secret' },
)

export const readSecret = {
  operationId: 'readSecret',
  summary: 'Read a secret',
  response: { 200: textOrData('The secret', Secret), ...problems(401) },
} as const
