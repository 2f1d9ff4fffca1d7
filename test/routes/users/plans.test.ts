import { userList } from '../../../routes/users/schema.ts'
import { createUserStore } from '../../../routes/users/store.ts'
import { openMigrated } from '../../database.ts'
import { testOnEachEngine } from '../../engines.ts'
import { expectIndexed, fillTable, observe, requestsOf } from '../../query-plans.ts'

testOnEachEngine('list() reads users in the order of an index, without sorting', async (t) => {
  const database = await openMigrated(t)
  await fillTable(t, database, 'users', '(name)', "'n' || (i % 10)")
  const { session, queries } = observe(database)
  const users = createUserStore(session)
  for (const request of requestsOf(userList)) await users.list(request)
  await expectIndexed(t, database, queries)
})
