import { type Static, Type } from 'typebox'
import { defineList, pageOf } from '../../src/schemas/list.ts'
import { resourceId, timestamp } from '../../src/schemas/property-schemas.ts'
import {
  contentResponse,
  dataResponse,
  noContent,
  PAGED,
  problemResponses,
  textOrDataResponse,
  VERSIONED,
} from '../../src/schemas/responses.ts'

/** Maximum length of a media type with parameters, in characters. RFC 6838 §4.2 allows 255 without parameters. */
export const MEDIA_TYPE_LIMIT = 255

/** Maximum length of a file name, in characters. Most file systems allow 255 bytes. */
export const FILE_NAME_LIMIT = 255

export const Message = Type.Object(
  {
    id: resourceId('message'),
    mediaType: Type.String({ description: 'Media type as sent, with parameters' }),
    fileName: Type.Union([Type.String(), Type.Null()], {
      description: 'Name of the file, if the message was sent as a file',
    }),
    size: Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'Size, in bytes',
    }),
    sha256: Type.String({
      pattern: '^[0-9a-f]{64}$',
      description: 'SHA-256 digest of the bytes, in hexadecimal',
    }),
    createdAt: timestamp('Time at which the message was received'),
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

/** Without a type, since clients and proxies parse bytes that are JSON. */
const FILE = Type.Unknown({
  description: 'The bytes of the message',
  contentMediaType: 'application/octet-stream',
})
const BYTES = { '*/*': { schema: FILE, example: 'Hello Text' } }
const FIELDS = [...VERSIONED, 'Accept-Ranges', 'Content-Disposition'] as const

/** Value of a form field; an array if the field is repeated. */
const FIELD = Type.Union([Type.String(), Type.Array(Type.String())])

const XML = {
  schema: Type.Unknown({
    description: 'Any document without a document type declaration',
    examples: ['<text>Hello XML</text>'],
  }),
}

export const messageList = defineList(Message, {
  sorts: ['createdAt'],
  filters: { mediaType: 'eq', createdAt: 'range' },
})

export const listMessages = {
  operationId: 'listMessages',
  summary: 'List messages',
  'x-resource': 'Bytes of any media type, stored as they were sent',
  querystring: messageList.query,
  response: {
    200: dataResponse('A page of messages', pageOf('Messages', Message), {
      fields: PAGED,
    }),
    ...problemResponses(400),
  },
} as const

export const createMessage = {
  operationId: 'createMessage',
  summary: 'Store a message',
  description:
    'Stores the body as it was sent, with its media type. A multipart form must hold exactly one ' +
    'file, which becomes the message, with its own name and media type.',
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
            description: 'Any fields; they can be repeated',
            examples: [{ text: 'Hello Form' }],
            additionalProperties: FIELD,
          },
        ),
      },
      'multipart/form-data': {
        schema: Type.Object(
          { file: Type.Optional(FILE) },
          {
            description: 'One file, with any field name and media type',
            examples: [{ file: 'Hello File' }],
            minProperties: 1,
            maxProperties: 1,
            additionalProperties: FILE,
          },
        ),
      },
      'application/octet-stream': {
        schema: Type.Unknown({ ...FILE, examples: ['Hello Bytes'] }),
      },
    },
  },
  response: {
    201: textOrDataResponse('The message was stored', Message, {
      fields: ['ETag'],
      example: 'Text Message: Hello Text',
    }),
    // This route requires authentication, except with the tutorial's accounts.
    ...problemResponses(400, 401),
  },
} as const

export const readMessage = {
  operationId: 'readMessage',
  summary: 'Read a message',
  description: 'Returns the bytes as they were sent. With Range, returns a part of the bytes.',
  params: MessageParams,
  response: {
    200: contentResponse('The message, with its media type', BYTES, FIELDS),
    206: contentResponse('The requested range of bytes', BYTES, FIELDS),
    ...problemResponses(400, 404, 416),
  },
} as const

export const deleteMessage = {
  operationId: 'deleteMessage',
  summary: 'Delete a message',
  params: MessageParams,
  response: { 204: noContent('The message was deleted'), ...problemResponses(400, 404) },
} as const
