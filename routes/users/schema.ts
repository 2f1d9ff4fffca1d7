import { type Static, Type } from 'typebox'
import { listQuery } from '../../src/schemas/list.ts'
import { line, resourceId } from '../../src/schemas/pieces.ts'
import { data, problems } from '../../src/schemas/responses.ts'

const UserParams = Type.Object({ userId: resourceId('The user') })
export type UserParams = Static<typeof UserParams>

/** The tutorial's shape of a user: the name under the id. */
const NamesById = Type.Record(Type.String(), Type.String({ description: 'The name of the user' }), {
  title: 'User',
  description: 'The name, under the id',
})

const Users = Type.Object(
  { items: Type.Array(NamesById, { description: 'The users, in the order that was asked for' }) },
  { title: 'Users' },
)

export const listUsers = {
  operationId: 'listUsers',
  summary: 'List users',
  querystring: listQuery(['name'], {
    name: Type.Optional(line(100, 'Only the users with this name')),
  }),
  response: { 200: data('A page of users', Users), ...problems(400, 503) },
} as const

export const readUser = {
  operationId: 'readUser',
  summary: 'Read a user',
  params: UserParams,
  response: { 200: data('The user', NamesById), ...problems(400, 404) },
} as const
