import { build, expectReply } from '../../app.ts'
import { testOnEachEngine } from '../../engines.ts'
import { testListVersion, testRefusedQueries } from '../../list-checks.ts'

testOnEachEngine('GET /users returns each user as GET /users/:userId does', async (t) => {
  const app = await build(t)
  const users = { items: [{ 1: 'john' }, { 2: 'steve' }, { 3: 'bill' }] }
  await expectReply(t, app, { url: '/users' }, { body: users })
  await expectReply(
    t,
    app,
    { url: '/users?sort=name&limit=1' },
    { body: { items: [{ 3: 'bill' }] } },
  )
  await expectReply(t, app, { url: '/users?name=steve' }, { body: { items: [{ 2: 'steve' }] } })
})

testRefusedQueries('/users', [
  ['name=%00', 'name'],
  ['author=john', 'author'],
  ['sort=title', 'sort'],
])

testListVersion('/users', { name: 'luis' })
