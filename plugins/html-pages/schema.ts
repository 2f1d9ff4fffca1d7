import { Type } from 'typebox'
import { contentResponse, noContent, problemResponses } from '../../src/schemas/responses.ts'
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
      200: contentResponse('The file', { [mediaType]: text }, ['ETag', 'Cache-Control']),
      304: noContent("The client's copy is current"),
      ...problemResponses(400, 412),
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
