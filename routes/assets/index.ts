import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ASSETS, pathOf } from '../../src/pages/assets.ts'
import { readAsset } from './schema.ts'

/** For good: another content has another path. */
const KEPT = 'public, max-age=31536000, immutable'

const routes: FastifyPluginAsyncTypebox = async (app) => {
  for (const asset of ASSETS) {
    const options = { schema: readAsset(asset), config: { rateLimit: false } } as const
    app.get(pathOf(asset.name), options, ({ params }, reply) =>
      reply
        .headers({
          // while replicas of two releases answer, a page may get the file of the other
          'cache-control': params.digest === asset.digest ? KEPT : 'no-store',
          'content-type': asset.mediaType,
          etag: `"${asset.digest}"`,
        })
        .send(asset.content),
    )
  }
}
export default routes
