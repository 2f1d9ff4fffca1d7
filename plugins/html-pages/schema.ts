import { Type } from 'typebox'
import { essenceOf } from '../../src/http/media-types.ts'
import { noContent, problemResponses } from '../../src/schemas/responses.ts'
import type { Asset } from './assets.ts'

/** A route of a file that pages load, which is no part of the API. */
export function readAsset({ name, mediaType }: Asset) {
  return {
    hide: true,
    summary: `Read ${name}, which pages load`,
    params: Type.Object({
      digest: Type.String({ minLength: 1, description: 'The release that the page is of' }),
    }),
    response: {
      200: {
        description: 'The file',
        content: { [essenceOf(mediaType)]: { schema: Type.String() } },
      },
      304: noContent('The client has this representation'),
      ...problemResponses(400, 412),
    },
  } as const
}
