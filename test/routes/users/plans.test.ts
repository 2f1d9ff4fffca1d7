import { createUserStore } from '../../../routes/users/store.ts'
import { openMigrated } from '../../database.ts'
import { testOnEachEngine } from '../../engines.ts'
import { expectIndexed, fillTable, observe, requestsBy } from '../query-plans.ts'

testOnEachEngine('list() reads users in the order of an index, without sorting', async (t) => {
  const database = await openMigrated(t)
  await fillTable(t, database, 'users', '(name)', "'n' || (i % 10)")
  const { session, queries } = observe(database)
  const users = createUserStore(session)
  for (const request of requestsBy(['id', 'name'] as const)) {
    await users.list(request)
    await users.list(request, 'n1')
  }
  t.equal(
    queries.length,
    2 * 6 * 2,
    'the queries cover every order, direction and position, with and without a filter',
  )
  await expectIndexed(t, database, queries)
})
