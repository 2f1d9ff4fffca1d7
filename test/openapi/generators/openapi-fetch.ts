import createClient from 'openapi-fetch'
import type { components, paths } from './openapi-typescript/schema.d.ts'
import { cursorIn, dataOf, type Outcome } from './outcome.ts'

type Article = components['schemas']['Article']

export async function run(baseUrl: string, authorization: string): Promise<Outcome> {
  const api = createClient<paths, 'application/json'>({
    baseUrl,
    headers: { Accept: 'application/json', Authorization: authorization },
  })
  const body = { title: 'A title', body: 'A text', author: 'openapi-fetch' }
  const create = (key: string) =>
    api.POST('/articles', { params: { header: { 'Idempotency-Key': key } }, body })
  const created = await create('openapi-fetch-1')
  await create('openapi-fetch-2')
  await create('openapi-fetch-3')
  const article: Article = dataOf(created)
  const path = { articleId: article.id }
  const read: Article = dataOf(await api.GET('/articles/{articleId}', { params: { path } }))

  const header = { 'If-Match': created.response.headers.get('etag') ?? '' }
  const replace = () =>
    api.PUT('/articles/{articleId}', {
      params: { path, header },
      body: { ...body, title: 'Another title' },
    })
  const replaced = await replace()
  const stale = await replace()

  const ids: number[] = []
  let after: string | undefined
  do {
    const query = { limit: 2, author: 'openapi-fetch', ...(after && { after }) }
    const page = await api.GET('/articles', { params: { query } })
    ids.push(...dataOf(page).items.map(({ id }) => id))
    after = cursorIn(page.response.headers.get('link'))
  } while (after)

  const etag = replaced.response.headers.get('etag') ?? ''
  const params = { path, header: { 'If-Match': etag } }
  const deleted = await api.DELETE('/articles/{articleId}', { params })
  const missing = await api.GET('/articles/{articleId}', { params: { path } })
  return {
    id: article.id,
    title: read.title,
    newTitle: dataOf(replaced).title,
    staleMessage: stale.error?.message,
    ids,
    deletedStatus: deleted.response.status,
    missingMessage: missing.error?.message,
  }
}
