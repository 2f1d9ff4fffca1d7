import { type Static, Type } from 'typebox'
import { resourceId, timestamp } from './pieces.ts'

export const Message = Type.Object(
  {
    id: resourceId('The message'),
    mediaType: Type.String({ description: 'The media type as it was sent, parameters included' }),
    fileName: Type.Union([Type.String(), Type.Null()], {
      description: 'The name of the file, where the message was sent as one',
    }),
    size: Type.Integer({ minimum: 0, description: 'The length, in octets' }),
    sha256: Type.String({
      pattern: '^[0-9a-f]{64}$',
      description: 'The SHA-256 digest of the octets, in hexadecimal',
    }),
    createdAt: timestamp('When the message was received'),
  },
  { title: 'Message' },
)
export type Message = Static<typeof Message>
