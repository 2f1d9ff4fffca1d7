/** Static files of the pages, and the pages of the OpenAPI console. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ASSETS, pathOf } from './assets.ts'
import docs from './docs-routes.ts'
import { readAsset } from './schema.ts'

/** Forever: a file with other content has another path. */
const IMMUTABLE = 'public, max-age=31536000, immutable'

const routes: FastifyPluginAsyncTypebox = async (app) => {
  for (const asset of ASSETS) {
    const options = { schema: readAsset(asset), config: { rateLimit: false } } as const
    app.get(pathOf(asset.name), options, ({ params }, reply) =>
      reply
        .headers({
          // While replicas of two releases answer, a page may get the file of the other release.
          'cache-control': params.digest === asset.digest ? IMMUTABLE : 'no-store',
          'content-type': asset.mediaType,
          etag: `"${asset.digest}"`,
        })
        .send(asset.content),
    )
  }
  if (app.hasPlugin('openapi')) await app.register(docs) // the console shows its document
}
export default routes
