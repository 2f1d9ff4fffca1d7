import { type Static, Type } from 'typebox'
import { patchContent } from '../../src/http/patch.ts'
import { listQuery, pageOf } from '../../src/schemas/list.ts'
import { resourceId, singleLine } from '../../src/schemas/property-schemas.ts'
import { dataResponse, noContent, problemResponses } from '../../src/schemas/responses.ts'

const fields = { name: singleLine(100, 'What the user is called') }

/** What a client says of a user that has no id yet. */
export const NewUser = Type.Object(fields, {
  title: 'NewUser',
  additionalProperties: false,
  examples: [{ name: 'zoe' }],
})
export type NewUser = Static<typeof NewUser>

export const User = Type.Object({ id: resourceId('user'), ...fields }, { title: 'User' })
export type User = Static<typeof User>

/** The tutorial's shape of a user, which is what users are represented as. */
export const NamesById = Type.Record(Type.String(), fields.name, {
  title: 'User',
  description: 'The name, under the id',
  examples: [{ 2: 'steve' }],
})
export type NamesById = Static<typeof NamesById>

const UserParams = Type.Object({ userId: resourceId('user', 2) })
export type UserParams = Static<typeof UserParams>

const theUser = dataResponse('The user', NamesById, { fields: ['ETag'] })

export const createUser = {
  operationId: 'createUser',
  summary: 'Create a user',
  'x-idempotency-key': true,
  body: NewUser,
  response: {
    201: theUser,
    ...problemResponses(400, 401, 403, 409, 413, 415, 422, 503, 507),
  },
} as const

export const listUsers = {
  operationId: 'listUsers',
  summary: 'List users',
  querystring: listQuery(['name'], {
    name: Type.Optional(singleLine(100, 'Only the users with this name')),
  }),
  response: {
    200: dataResponse('A page of users', pageOf('Users', NamesById), { fields: ['Link'] }),
    ...problemResponses(400, 503),
  },
} as const

export const readUser = {
  operationId: 'readUser',
  summary: 'Read a user',
  params: UserParams,
  response: {
    200: theUser,
    304: noContent('The client has this representation'),
    ...problemResponses(400, 404, 412, 503),
  },
} as const

export const replaceUser = {
  operationId: 'replaceUser',
  summary: 'Replace a user of the version that If-Match names, or create one',
  description: 'Takes what a read gives: the name, under the id that the URL has.',
  params: UserParams,
  body: NamesById,
  response: {
    200: theUser,
    201: dataResponse('The user is new', NamesById, { fields: ['ETag'] }),
    ...problemResponses(400, 401, 403, 404, 412, 413, 415, 428, 503, 507),
  },
} as const

export const patchUser = {
  operationId: 'patchUser',
  summary: 'Change a user of the version that If-Match names',
  description: 'The patch is of what a read gives: the name, under the id.',
  params: UserParams,
  body: { content: patchContent({ 2: 'steven' }) },
  response: {
    200: theUser,
    ...problemResponses(400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 503, 507),
  },
} as const

export const deleteUser = {
  operationId: 'deleteUser',
  summary: 'Delete a user of the version that If-Match names',
  params: UserParams,
  response: {
    204: noContent('The user is gone'),
    ...problemResponses(400, 401, 403, 404, 412, 413, 415, 428, 503, 507),
  },
} as const
