import { type Static, Type } from 'typebox'
import { patchContent } from '../../src/http/patch.ts'
import { defineList, pageOf } from '../../src/schemas/list.ts'
import { resourceId, singleLine } from '../../src/schemas/property-schemas.ts'
import { dataResponse, noContent, PAGED, problemResponses } from '../../src/schemas/responses.ts'

const name = singleLine(100, 'Name of the user')

/** A user without an id. */
export const NewUser = Type.Object(
  { name },
  { title: 'NewUser', additionalProperties: false, examples: [{ name: 'zoe' }] },
)
export type NewUser = Static<typeof NewUser>

export const User = Type.Object({ id: resourceId('user'), name }, { title: 'User' })
export type User = Static<typeof User>

/** Representation of a user, as in the tutorial. */
export const NamesById = Type.Record(Type.String(), name, {
  title: 'User',
  description: 'An object with one member: the key is the id, and the value is the name',
  examples: [{ 2: 'steve' }],
})
export type NamesById = Static<typeof NamesById>

export const UserParams = Type.Object({ userId: resourceId('user', 2) })
export type UserParams = Static<typeof UserParams>

const theUser = dataResponse('The user', NamesById, { fields: ['ETag'] })

export const createUser = {
  operationId: 'createUser',
  summary: 'Create a user',
  'x-idempotency-key': true,
  body: NewUser,
  response: { 201: theUser, ...problemResponses(400) },
} as const

export const userList = defineList(User, { sorts: ['name'], filters: { name: 'eq' } })

export const listUsers = {
  operationId: 'listUsers',
  summary: 'List users',
  'x-resource': 'Names of people by id',
  querystring: userList.query,
  response: {
    200: dataResponse('A page of users', pageOf('Users', NamesById), { fields: PAGED }),
    ...problemResponses(400),
  },
} as const

export const readUser = {
  operationId: 'readUser',
  summary: 'Read a user',
  params: UserParams,
  response: {
    200: theUser,
    ...problemResponses(400, 404),
  },
} as const

export const replaceUser = {
  operationId: 'replaceUser',
  summary: 'Create or replace a user',
  description:
    'The body has one member: the key is the id in the URL, and the value is the name of the user.',
  params: UserParams,
  body: NamesById,
  response: {
    200: theUser,
    201: dataResponse('The user was created', NamesById, { fields: ['ETag'] }),
    ...problemResponses(400, 404),
  },
} as const

export const patchUser = {
  operationId: 'patchUser',
  summary: 'Change a user',
  description:
    'The patch applies to an object with one member: the key is the id, and the value is the name.',
  params: UserParams,
  body: { content: patchContent({ 2: 'steven' }) },
  response: { 200: theUser, ...problemResponses(400, 404, 409, 422) },
} as const

export const deleteUser = {
  operationId: 'deleteUser',
  summary: 'Delete a user',
  params: UserParams,
  response: { 204: noContent('The user was deleted'), ...problemResponses(400, 404) },
} as const
