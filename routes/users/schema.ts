import { type Static, Type } from 'typebox'
import { resourceId } from '../../src/schemas/pieces.ts'
import { data, problems } from '../../src/schemas/responses.ts'

const UserParams = Type.Object({ userId: resourceId('The user') })
export type UserParams = Static<typeof UserParams>

/** The tutorial's shape of a user: the name under the id. */
const NamesById = Type.Record(Type.String(), Type.String({ description: 'The name of the user' }), {
  title: 'User',
  description: 'The name, under the id',
})

export const readUser = {
  operationId: 'readUser',
  summary: 'Read a user',
  params: UserParams,
  response: { 200: data('The user', NamesById), ...problems(400, 404) },
} as const
