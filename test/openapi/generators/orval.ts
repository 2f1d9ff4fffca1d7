import {
  type Article,
  createArticle,
  deleteArticle,
  listArticles,
  readArticle,
  replaceArticle,
} from './orval/service.ts'
import { cursorIn, type Outcome } from './outcome.ts'

export async function run(_baseUrl: string, authorization: string): Promise<Outcome> {
  const headers = { Authorization: authorization }
  const body = { title: 'A title', body: 'A text', author: 'orval' }
  const create = (key: string) =>
    createArticle(body, { headers: { ...headers, 'Idempotency-Key': key } })
  const created = await create('orval-1')
  await create('orval-2')
  await create('orval-3')
  if (created.status !== 201) throw new Error(`createArticle: ${created.status}`)
  const { id } = created.data
  const read = await readArticle(id)
  if (read.status !== 200) throw new Error(`readArticle: ${read.status}`)
  const article: Article = read.data

  const etag = created.headers.get('etag') ?? ''
  const replace = () =>
    replaceArticle(
      id,
      { ...body, title: 'Another title' },
      { headers: { ...headers, 'If-Match': etag } },
    )
  const replaced = await replace()
  if (replaced.status !== 200) throw new Error(`replaceArticle: ${replaced.status}`)
  const stale = await replace()

  const ids: number[] = []
  let after: string | undefined
  do {
    const page = await listArticles({ limit: 2, author: 'orval', ...(after && { after }) })
    if (page.status !== 200) throw new Error(`listArticles: ${page.status}`)
    ids.push(...page.data.items.map((each) => each.id))
    after = cursorIn(page.headers.get('link'))
  } while (after)

  const current = replaced.headers.get('etag') ?? ''
  const deleted = await deleteArticle(id, { headers: { ...headers, 'If-Match': current } })
  const missing = await readArticle(id)
  return {
    id,
    title: article.title,
    newTitle: replaced.data.title,
    staleMessage: stale.status === 412 ? stale.data.message : undefined,
    ids,
    deletedStatus: deleted.status,
    missingMessage: missing.status === 404 ? missing.data.message : undefined,
  }
}
