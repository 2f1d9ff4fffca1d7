import { Type } from 'typebox'
import { essenceOf } from '../../src/http/media-types.ts'
import { empty, problems } from '../../src/schemas/responses.ts'
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
      304: empty('The client has this representation'),
      ...problems(400, 412),
    },
  } as const
}
