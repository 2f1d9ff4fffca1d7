import { messageList } from '../../../routes/messages/schema.ts'
import { createMessageStore } from '../../../routes/messages/store.ts'
import { openMigrated } from '../../database.ts'
import { testOnEachEngine } from '../../engines.ts'
import { expectIndexed, fillTable, observe, requestsOf } from '../../query-plans.ts'

testOnEachEngine('list() reads messages in the order of an index, without sorting', async (t) => {
  const database = await openMigrated(t)
  const columns = '(media_type, size, sha256, bytes, created_at)'
  const values = "'m' || (i % 10), 0, '', '', 'c' || (i % 5000)"
  await fillTable(t, database, 'messages', columns, values)
  const { session, queries } = observe(database)
  const messages = createMessageStore(session)
  for (const request of requestsOf(messageList)) await messages.list(request)
  await expectIndexed(t, database, queries)
})
