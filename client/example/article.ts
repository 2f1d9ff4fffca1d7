/** Creates an article and changes it. Start the service, then run `node client/example/article.ts`. */
import { randomUUID } from 'node:crypto'
import { createApi } from '../client.ts'

const [url = 'http://127.0.0.1:5000', authorization = `Basic ${btoa('admin:secret')}`] =
  process.argv.slice(2)
const api = createApi(url, authorization)

// If the request is sent again with the same key, it does not create another article.
const created = await api.POST('/articles', {
  params: { header: { 'Idempotency-Key': randomUUID() } },
  body: { title: 'A title', body: 'A text', author: 'Somebody' },
})
const path = { articleId: dataOf(created).id }

// The change fails if someone else has changed the article since.
const etag = String(created.response.headers.get('etag'))
const changed = await api.PATCH('/articles/{articleId}', {
  params: { path, header: { 'If-Match': etag } },
  headers: { 'content-type': 'application/merge-patch+json' },
  body: { title: 'Another title' },
})
console.log(dataOf(changed).title)

function dataOf<Data>({ data, error }: { data?: Data; error?: { message: string } }) {
  if (error) throw new Error(error.message)
  return data as Data // openapi-fetch sets `data` if there is no error
}
