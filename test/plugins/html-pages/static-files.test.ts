import { gzipSync } from 'node:zlib'
import t from 'tap'
import { STATIC_FILES } from '../../../plugins/html-pages/static-files.ts'
import { build, expectReply } from '../../app.ts'

for (const { name, path, digest, mediaType, content } of STATIC_FILES) {
  t.test(`GET ${name} with its digest is cached forever`, async (t) => {
    const app = await build(t)
    const etag = `"${digest}"`
    const headers = { etag, 'cache-control': 'public, max-age=31536000, immutable' }
    const expected = { type: mediaType, headers, body: String(content) }
    const { rawPayload } = await expectReply(t, app, { url: path }, expected)
    await expectReply(t, app, { url: path, headers: { accept: '*/*;q=0.1' } }, expected)
    const head = await app.inject({ method: 'HEAD', url: path })
    t.equal(head.headers['content-length'], String(rawPayload.length))
    const notModified = await app.inject({ url: path, headers: { 'if-none-match': etag } })
    t.equal(notModified.statusCode, 304)
    t.equal(notModified.body, '')
  })

  t.test(`GET ${name} with the digest of another release is not cached`, async (t) => {
    const app = await build(t)
    const url = path.replace(digest, 'another')
    const headers = { 'cache-control': 'no-store' }
    await expectReply(t, app, { url }, { type: mediaType, headers, body: String(content) })
  })
}

t.test('the files of a page count apart from other requests', async (t) => {
  const app = await build(t, { RATE_LIMIT: String(STATIC_FILES.length) })
  const statusOf = async (path = '') => (await app.inject(path)).statusCode
  for (const { path } of STATIC_FILES) t.equal(await statusOf(path), 200)
  for (const { path } of STATIC_FILES) t.equal(await statusOf(path), 429)
  for (const _file of STATIC_FILES) t.equal(await statusOf('/docs'), 200)
  t.equal(await statusOf('/docs'), 429)
})

t.test('script and style have less than 12 kB when compressed', async (t) => {
  const loaded = STATIC_FILES.filter(({ name }) => /\.(?:css|js)$/.test(name))
  t.equal(loaded.length, 2)
  const bytes = loaded.map(({ content }) => gzipSync(content).length)
  t.ok(bytes.reduce((sum, each) => sum + each) < 12_000, `${bytes}`)
})
