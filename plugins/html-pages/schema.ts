import { Type } from 'typebox'
import { contentResponse, problemResponses } from '../../src/schemas/responses.ts'
import type { StaticFile } from './static-files.ts'

const text = { schema: Type.String() }

export function readStaticFile({ name, mediaType }: StaticFile) {
  return {
    hide: true,
    summary: `Read ${name}`,
    params: Type.Object({
      digest: Type.String({ minLength: 1, description: 'Digest of the content' }),
    }),
    response: {
      200: contentResponse('The file', { [mediaType]: text }, ['ETag']),
      ...problemResponses(400),
    },
  } as const
}

const page = contentResponse('The page', { 'text/html': text }, ['ETag'])

export const listOperations = {
  operationId: 'listOperations',
  hide: true,
  summary: 'List the operations',
  response: { 200: page, ...problemResponses() },
} as const

export const readOperation = {
  operationId: 'readOperation',
  hide: true,
  summary: 'Describe an operation',
  params: Type.Object({ operationId: Type.String({ description: 'Id of the operation' }) }),
  response: { 200: page, ...problemResponses(400, 404) },
} as const
