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

export const readConsole = {
  operationId: 'readConsole',
  hide: true,
  summary: 'Open the API console',
  response: {
    200: contentResponse('The API console', { 'text/html': text }),
    ...problemResponses(),
  },
} as const
