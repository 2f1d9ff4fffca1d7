import { createUserStore } from '../../../src/storage/users.ts'
import { openMigrated } from '../../database.ts'
import { testOnEachEngine } from '../../engines.ts'

for (const [id, name] of [
  [1, 'john'],
  [2, 'steve'],
  [3, 'bill'],
] as const) {
  testOnEachEngine(`find gives the tutorial's user ${id}, ${name}`, async (t) => {
    t.same(await createUserStore(await openMigrated(t)).find(id), { id, name })
  })
}

testOnEachEngine('find gives nothing where there is no user', async (t) => {
  const users = createUserStore(await openMigrated(t))
  for (const id of [4, 0, -1]) t.equal(await users.find(id), undefined, String(id))
})
