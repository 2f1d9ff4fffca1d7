/** Writes an article and changes it: `node client/example.ts`, while the service runs. */
import { randomUUID } from 'node:crypto'
import { createApi } from './client.ts'

const [url = 'http://127.0.0.1:5000', authorization = `Basic ${btoa('admin:secret')}`] =
  process.argv.slice(2)
const api = createApi(url, authorization)

// sent again under the same key, it is still one article
const created = await api.POST('/articles', {
  params: { header: { 'Idempotency-Key': randomUUID() } },
  body: { title: 'A title', body: 'A text', author: 'Somebody' },
})
const path = { articleId: given(created).id }

// the version that was seen is the one that is changed, or none
const etag = String(created.response.headers.get('etag'))
const changed = await api.PATCH('/articles/{articleId}', {
  params: { path, header: { 'If-Match': etag } },
  headers: { 'content-type': 'application/merge-patch+json' },
  body: { title: 'Another title' },
})
console.log(given(changed).title)

function given<Data>({ data, error }: { data?: Data; error?: { message: string } }) {
  if (error) throw new Error(error.message)
  return data as Data // where there is no error
}
