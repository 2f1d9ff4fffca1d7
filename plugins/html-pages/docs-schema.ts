import { Type } from 'typebox'
import { content, empty, problems } from '../../src/schemas/responses.ts'

const text = { schema: Type.String() }

export const readConsole = {
  operationId: 'readConsole',
  hide: true,
  response: { 200: content('The console', { 'text/html': text }), ...problems() },
} as const

/** Gives the schema of a file that the console loads. */
export function readFileAs(mediaType: string) {
  return {
    hide: true,
    response: {
      200: content('The file', { [mediaType]: text }, ['ETag', 'Cache-Control']),
      304: empty('The client has this file'),
      ...problems(400, 412),
    },
  } as const
}
