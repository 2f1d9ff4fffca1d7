import { type Static, Type } from 'typebox'
import { resourceId, timestamp } from './property-schemas.ts'

export const Message = Type.Object(
  {
    id: resourceId('The message'),
    mediaType: Type.String({ description: 'The media type as it was sent, parameters included' }),
    fileName: Type.Union([Type.String(), Type.Null()], {
      description: 'The name of the file, where the message was sent as one',
    }),
    size: Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'The length, in octets',
    }),
    sha256: Type.String({
      pattern: '^[0-9a-f]{64}$',
      description: 'The SHA-256 digest of the octets, in hexadecimal',
    }),
    createdAt: timestamp('When the message was received'),
  },
  {
    title: 'Message',
    examples: [
      {
        id: 1,
        mediaType: 'text/plain',
        fileName: null,
        size: 10,
        sha256: 'd9e555c39defd8938fb0d641a5daa4b2ad5bc33dd690debdf55b8e5803891f08',
        createdAt: '2012-04-25T16:40:27.000Z',
      },
    ],
  },
)
export type Message = Static<typeof Message>
