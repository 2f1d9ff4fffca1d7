import { createMessageStore } from '../../../routes/messages/store.ts'
import { openMigrated } from '../../database.ts'
import { testOnEachEngine } from '../../engines.ts'
import { expectIndexed, fillTable, observe, requestsBy } from '../query-plans.ts'

testOnEachEngine('list() reads messages in the order of an index, without sorting', async (t) => {
  const database = await openMigrated(t)
  const columns = '(media_type, size, sha256, bytes, created_at)'
  const values = "'m' || (i % 10), 0, '', '', 'c' || (i % 5000)"
  await fillTable(t, database, 'messages', columns, values)
  const { session, queries } = observe(database)
  const messages = createMessageStore(session)
  for (const request of requestsBy(['id', 'createdAt'] as const)) {
    await messages.list(request)
    await messages.list(request, 'm1')
  }
  t.equal(
    queries.length,
    2 * 6 * 2,
    'the queries cover every order, direction and position, with and without a filter',
  )
  await expectIndexed(t, database, queries)
})
