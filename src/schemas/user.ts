import { type Static, Type } from 'typebox'
import { resourceId, singleLine } from './property-schemas.ts'

const fields = { name: singleLine(100, 'What the user is called') }

/** What a client says of a user that has no id yet. */
export const NewUser = Type.Object(fields, {
  title: 'NewUser',
  additionalProperties: false,
  examples: [{ name: 'zoe' }],
})
export type NewUser = Static<typeof NewUser>

export const User = Type.Object({ id: resourceId('The user'), ...fields }, { title: 'User' })
export type User = Static<typeof User>

/** The tutorial's shape of a user, which is what users are represented as. */
export const NamesById = Type.Record(Type.String(), fields.name, {
  title: 'User',
  description: 'The name, under the id',
  examples: [{ 2: 'steve' }],
})
export type NamesById = Static<typeof NamesById>
