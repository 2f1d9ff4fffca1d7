import t from 'tap'
import { ASSETS } from '../../../plugins/html-pages/assets.ts'
import { build, expectReply } from '../../app.ts'

for (const { name, path, digest, mediaType, content } of ASSETS) {
  t.test(`GET ${name} under its digest may be kept for good`, async (t) => {
    const app = await build(t, { RATE_LIMIT: '1' })
    const etag = `"${digest}"`
    const headers = { etag, 'cache-control': 'public, max-age=31536000, immutable' }
    const expected = { type: mediaType, headers, body: content }
    await expectReply(t, app, { url: path }, expected)
    await expectReply(t, app, { url: path, headers: { accept: '*/*;q=0.1' } }, expected)
    const kept = await app.inject({ url: path, headers: { 'if-none-match': etag } })
    t.equal(kept.statusCode, 304)
  })

  t.test(`GET ${name} under the digest of another release is not kept`, async (t) => {
    const app = await build(t)
    const url = path.replace(digest, 'another')
    const headers = { 'cache-control': 'no-store' }
    await expectReply(t, app, { url }, { type: mediaType, headers, body: content })
  })
}
