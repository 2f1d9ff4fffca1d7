import { type Static, Type } from 'typebox'
import { listQuery, pageOf } from '../../src/schemas/list.ts'
import { resourceId, singleLine, timestamp } from '../../src/schemas/property-schemas.ts'
import {
  contentResponse,
  dataResponse,
  noContent,
  problemResponses,
  textOrDataResponse,
  VERSIONED,
} from '../../src/schemas/responses.ts'
import { MEDIA_TYPE_LIMIT } from './limits.ts'

export const Message = Type.Object(
  {
    id: resourceId('message'),
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

const MessageParams = Type.Object({ messageId: resourceId('message') })
export type MessageParams = Static<typeof MessageParams>

const octets = { '*/*': { schema: Type.Unsafe({ type: 'string', format: 'binary' }) } }
const FIELDS = [...VERSIONED, 'Accept-Ranges', 'Content-Disposition'] as const

const FILE = Type.Unknown({
  description: 'The message, octet for octet',
  contentMediaType: 'application/octet-stream',
})

/** What is sent more than once is a list. */
const FIELD = Type.Union([Type.String(), Type.Array(Type.String())])

const XML = {
  schema: Type.Unknown({
    description: 'Any document without a document type declaration',
    examples: ['<text>Hello XML</text>'],
  }),
}

export const listMessages = {
  operationId: 'listMessages',
  summary: 'List what is known of the messages',
  querystring: listQuery(['createdAt'], {
    mediaType: Type.Optional(
      singleLine(MEDIA_TYPE_LIMIT, 'Only the messages that were sent as this media type'),
    ),
  }),
  response: {
    200: dataResponse('A page of messages', pageOf('Messages', Message), { fields: ['Link'] }),
    ...problemResponses(400, 503),
  },
} as const

export const createMessage = {
  operationId: 'createMessage',
  summary: 'Keep a message as it is sent',
  description:
    'Takes a message in any of these media types. A multipart form holds one file, which becomes ' +
    'the message with the name and media type of its own.',
  'x-idempotency-key': true,
  body: {
    content: {
      'text/plain': { schema: Type.String({ examples: ['Hello Text'] }) },
      'application/json': {
        schema: Type.Unknown({ description: 'Any value', examples: [{ message: 'Hello Data' }] }),
      },
      'application/xml': XML,
      'text/xml': XML,
      'application/x-www-form-urlencoded': {
        schema: Type.Object(
          { text: Type.Optional(FIELD) },
          {
            description: 'Any fields, each once or more',
            examples: [{ text: 'Hello Form' }],
            additionalProperties: FIELD,
          },
        ),
      },
      'multipart/form-data': {
        schema: Type.Object(
          { file: Type.Optional(FILE) },
          {
            description: 'One file, under any name and of any media type',
            minProperties: 1,
            maxProperties: 1,
            additionalProperties: FILE,
          },
        ),
      },
      'application/octet-stream': { schema: FILE },
    },
  },
  response: {
    201: textOrDataResponse('The message is kept', Message, {
      example: 'Text Message: Hello Text',
    }),
    ...problemResponses(400, 401, 403, 409, 413, 415, 422, 503, 507),
  },
} as const

export const readMessage = {
  operationId: 'readMessage',
  summary: 'Read a message back, octet for octet',
  description: 'The whole, or with Range a part of it.',
  params: MessageParams,
  response: {
    200: contentResponse('The message, under the media type it was sent as', octets, FIELDS),
    206: contentResponse('The octets that Range names', octets, FIELDS),
    304: noContent('The client has this message'),
    ...problemResponses(400, 404, 412, 416, 503),
  },
} as const

export const deleteMessage = {
  operationId: 'deleteMessage',
  summary: 'Delete the message that If-Match names',
  params: MessageParams,
  response: {
    204: noContent('The message is gone'),
    ...problemResponses(400, 401, 403, 404, 412, 413, 415, 428, 503, 507),
  },
} as const
