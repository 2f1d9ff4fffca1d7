import { createUserStore } from '../../../routes/users/store.ts'
import { openMigrated } from '../../database.ts'
import { testOnEachEngine } from '../../engines.ts'
import { expectIndexed, fillTable, observe, requestsBy } from '../query-plans.ts'

testOnEachEngine('a list of users reads an index in its order', async (t) => {
  const database = await openMigrated(t)
  await fillTable(t, database, 'users', '(name)', "'n' || (i % 10)")
  const { session, queries } = observe(database)
  const users = createUserStore(session)
  for (const request of requestsBy(['id', 'name'] as const)) {
    await users.list(request)
    await users.list(request, 'n1')
  }
  t.equal(queries.length, 2 * 6 * 2, 'every order, direction and position, filtered or not')
  await expectIndexed(t, database, queries)
})
