import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { createApi } from '../../client/client.ts'
import type { components } from '../../client/openapi.d.ts'
import { AUTHORIZATION, build } from '../app.ts'

const run = promisify(execFile)
const EXAMPLE = join(import.meta.dirname, '../../client/example/article.ts')

/** A valid article. The generated type makes the compiler reject unknown members. */
const ARTICLE: components['schemas']['NewArticle'] = {
  title: 'A title',
  body: 'A text',
  author: 'Somebody',
}

async function listen(t: Test): Promise<string> {
  return (await build(t)).listen({ host: '127.0.0.1', port: 0 })
}

t.test('the client creates an article once, reads it, revalidates it and patches it', async (t) => {
  const api = createApi(await listen(t), AUTHORIZATION)
  const create = () =>
    api.POST('/articles', { params: { header: { 'Idempotency-Key': 'a-key' } }, body: ARTICLE })
  const created = await create()
  t.equal(created.response.status, 201)
  t.match(created.data, ARTICLE)
  t.same((await create()).data, created.data, 'a repeat returns the same article')

  const articleId = created.data?.id ?? 0
  const read = await api.GET('/articles/{articleId}', { params: { path: { articleId } } })
  t.same(read.data, created.data)
  const etag = read.response.headers.get('etag') ?? ''
  const revalidated = await api.GET('/articles/{articleId}', {
    params: { path: { articleId }, header: { 'If-None-Match': etag } },
  })
  t.equal(revalidated.response.status, 304)

  const patch = (version: string) =>
    api.PATCH('/articles/{articleId}', {
      params: { path: { articleId }, header: { 'If-Match': version } },
      headers: { 'content-type': 'application/merge-patch+json' },
      body: { title: 'Another title' },
    })
  t.equal((await patch(etag)).data?.title, 'Another title')
  t.match((await patch(etag)).error, { status: 412, message: /^Precondition Failed/ })
})

t.test('the client reads a list page by page', async (t) => {
  const api = createApi(await listen(t))
  const names: string[] = []
  let after: string | undefined
  do {
    const query = { limit: 2, ...(after && { after }) }
    const page = await api.GET('/users', { params: { query } })
    names.push(...(page.data?.items ?? []).flatMap((user) => Object.values(user)))
    after = /after=([^>&]+)/.exec(page.response.headers.get('link') ?? '')?.[1]
  } while (after)
  t.same(names, ['john', 'steve', 'bill'])
})

t.test('the client returns the error document of an error response', async (t) => {
  const api = createApi(await listen(t))
  const missing = await api.GET('/users/{userId}', { params: { path: { userId: 4 } } })
  t.equal(missing.data, undefined)
  const message = `Not Found: ${missing.response.url}`
  t.strictSame(missing.error, { status: 404, message })
  const refused = await api.POST('/articles', { body: { ...ARTICLE, title: '' } })
  t.strictSame(refused.error, { status: 401, message: 'Authenticate.' })
})

t.test('client/example/article.ts runs', async (t) => {
  const { stdout } = await run(process.execPath, [EXAMPLE, await listen(t)])
  t.equal(stdout, 'Another title\n')
})

t.test('client/example/article.ts prints the message of an error response', async (t) => {
  const words = [EXAMPLE, await listen(t), 'Bearer wrong']
  await t.rejects(run(process.execPath, words), { code: 1, stderr: /Error: Authenticate\./ })
})
