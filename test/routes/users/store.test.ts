import { createUserStore } from '../../../routes/users/store.ts'
import { openMigrated } from '../../database.ts'
import { testOnEachEngine } from '../../engines.ts'

for (const [id, name] of [
  [1, 'john'],
  [2, 'steve'],
  [3, 'bill'],
] as const) {
  testOnEachEngine(`find() returns the tutorial's user ${id}, ${name}`, async (t) => {
    t.strictSame(await createUserStore(await openMigrated(t)).find(id), {
      user: { id, name },
      version: '1',
    })
  })
}

testOnEachEngine('find() returns undefined if the user does not exist', async (t) => {
  const users = createUserStore(await openMigrated(t))
  for (const id of [4, 0, -1]) t.equal(await users.find(id), undefined, String(id))
})

testOnEachEngine('create() assigns an id and the first version', async (t) => {
  const users = createUserStore(await openMigrated(t))
  const created = await users.create({ name: 'zoe' })
  t.match(created, { user: { id: 4, name: 'zoe' }, version: /^1\.[0-9a-f]{16}$/ })
  t.strictSame(await users.find(4), created)
})

testOnEachEngine(
  'createAt() uses the given id, and creates nothing if the id exists',
  async (t) => {
    const users = createUserStore(await openMigrated(t))
    t.match(await users.createAt(7, { name: 'zoe' }), { user: { id: 7, name: 'zoe' } })
    t.equal(await users.createAt(7, { name: 'late' }), undefined)
    t.match(await users.find(7), { user: { name: 'zoe' } }, 'the second call changes nothing')
  },
)

testOnEachEngine(
  'replace() and delete() change a user only if the given version is the current one',
  async (t) => {
    const users = createUserStore(await openMigrated(t))
    const replaced = await users.replace(2, '1', { name: 'steven' })
    t.match(replaced, { user: { id: 2, name: 'steven' }, version: /^2\.[0-9a-f]{16}$/ })
    t.equal(await users.replace(2, '1', { name: 'late' }), undefined)
    t.equal(await users.delete(2, '1'), false)
    t.match(await users.find(2), { user: { name: 'steven' } })
    t.equal(await users.delete(2, String(replaced?.version)), true)
    t.equal(await users.find(2), undefined)
  },
)

testOnEachEngine('a new user with the id of a deleted user has another version', async (t) => {
  const users = createUserStore(await openMigrated(t))
  const first = (await users.createAt(7, { name: 'zoe' }))?.version ?? ''
  t.equal(await users.delete(7, first), true)
  t.not((await users.createAt(7, { name: 'zoe' }))?.version, first)
  t.equal(await users.replace(7, first, { name: 'late' }), undefined)
  t.equal(await users.delete(7, first), false)
})

testOnEachEngine('list() sorts users by id or name, and filters by name', async (t) => {
  const database = await openMigrated(t)
  const users = createUserStore(database)
  await database.write((writer) => writer.insertInto('users').values({ name: 'john' }).execute())
  const names = async (...parameters: Parameters<typeof users.list>) =>
    (await users.list(...parameters)).items.map(({ id, name }) => `${id} ${name}`)
  const named = (name: string) => ({ limit: 10, filters: { equal: { name: [name] } } })
  t.same(await names({ limit: 10, sort: '-id' }), ['4 john', '3 bill', '2 steve', '1 john'])
  t.same(await names({ limit: 10, sort: '-name' }), ['2 steve', '4 john', '1 john', '3 bill'])
  t.same(await names({ ...named('john'), sort: '-name' }), ['4 john', '1 john'])
  t.same(await names({ ...named('nobody'), sort: '-id' }), [])
})
