import { Type } from 'typebox'
import { contentResponse, noContent, problemResponses } from '../../src/schemas/responses.ts'

const text = { schema: Type.String() }

export const readConsole = {
  operationId: 'readConsole',
  hide: true,
  response: { 200: contentResponse('The console', { 'text/html': text }), ...problemResponses() },
} as const

/** Gives the schema of a file that the console loads. */
export function readFileAs(mediaType: string) {
  return {
    hide: true,
    response: {
      200: contentResponse('The file', { [mediaType]: text }, ['ETag', 'Cache-Control']),
      304: noContent('The client has this file'),
      ...problemResponses(400, 412),
    },
  } as const
}
