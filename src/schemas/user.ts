import { type Static, Type } from 'typebox'
import { resourceId } from './pieces.ts'

export const User = Type.Object(
  {
    id: resourceId('The user'),
    name: Type.String({ description: 'What the user is called' }),
  },
  { title: 'User' },
)
export type User = Static<typeof User>
