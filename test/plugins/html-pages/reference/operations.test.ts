import t from 'tap'
import { readOperations } from '../../../../plugins/html-pages/reference/operations.ts'

t.test('operations without an operationId have different ids', async (t) => {
  const operation = { tags: [], responses: {} }
  const paths = {
    '/a/b': { get: operation, post: operation },
    '/a-b': { get: operation },
    '/a/{b}': { get: operation },
    '/c': { get: { ...operation, operationId: 'get-a-b-2' } },
  }
  t.same(
    readOperations({ paths }).map(({ id }) => id),
    ['get-a-b', 'post-a-b', 'get-a-b-3', 'get-a-b-4', 'get-a-b-2'],
  )
})
