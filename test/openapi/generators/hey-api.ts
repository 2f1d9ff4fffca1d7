import { client } from './hey-api/client.gen.ts'
import {
  type Article,
  createArticle,
  deleteArticle,
  listArticles,
  readArticle,
  replaceArticle,
} from './hey-api/index.ts'
import { cursorIn, dataOf, type Outcome } from './outcome.ts'

export async function run(baseUrl: string, authorization: string): Promise<Outcome> {
  const headers = { Accept: 'application/json', Authorization: authorization }
  client.setConfig({ baseUrl, headers })
  const body = { title: 'A title', body: 'A text', author: 'hey-api' }
  const create = (key: string) => createArticle({ body, headers: { 'Idempotency-Key': key } })
  const created = await create('hey-api-1')
  await create('hey-api-2')
  await create('hey-api-3')
  const path = { articleId: dataOf(created).id }
  const read: Article = dataOf(await readArticle({ path }))

  const etag = created.response?.headers.get('etag') ?? ''
  const replace = () =>
    replaceArticle({
      path,
      headers: { 'If-Match': etag },
      body: { ...body, title: 'Another title' },
    })
  const replaced = await replace()
  const stale = await replace()

  const ids: number[] = []
  let after: string | undefined
  do {
    const query = { limit: 2, author: 'hey-api', ...(after && { after }) }
    const page = await listArticles({ query })
    ids.push(...dataOf(page).items.map(({ id }) => id))
    after = cursorIn(page.response?.headers.get('link'))
  } while (after)

  const current = replaced.response?.headers.get('etag') ?? ''
  const deleted = await deleteArticle({ path, headers: { 'If-Match': current } })
  const missing = await readArticle({ path })
  const changed = replaced.data
  if (!changed) throw new Error('the article was not replaced')
  return {
    id: path.articleId,
    title: read.title,
    newTitle: changed.title,
    staleMessage: stale.error?.message,
    ids,
    deletedStatus: deleted.response?.status,
    missingMessage: missing.error?.message,
  }
}
