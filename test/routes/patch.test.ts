import { createArticleStore } from '../../routes/articles/store.ts'
import { createUserStore } from '../../routes/users/store.ts'
import { JSON_PATCH, MERGE_PATCH } from '../../src/http/patch.ts'
import { build, expectReply, patch, write } from '../app.ts'
import { testOnEachEngine } from '../engines.ts'

/** What can be patched: one of each resource, and a change of it. */
const RESOURCES = [
  { name: 'articles', create: createArticleStore, id: 123, change: { title: 'Another' } },
  { name: 'users', create: createUserStore, id: 2, change: { 2: 'steven' } },
] as const

for (const { name, create, id, change } of RESOURCES) {
  const url = `/${name}/${id}`

  testOnEachEngine(
    `PATCH ${url} is of a version that was seen, and of what is there`,
    async (t) => {
      const app = await build(t)
      const stale = patch(url, MERGE_PATCH, change, { 'if-match': '"7-json"' })
      await expectReply(t, app, stale, { status: 412 })
      const type = { 'content-type': MERGE_PATCH }
      const blind = write('PATCH', url, type, change)
      await expectReply(t, app, blind, { status: 428 })
      await expectReply(t, app, { ...blind, url: `/${name}/9` }, { status: 404 })
      const anonymous = { ...type, 'if-match': '"1-json"' }
      await expectReply(t, app, { ...blind, headers: anonymous }, { status: 401 })
      t.match(await app.store<{ find(id: number): Promise<unknown> }>(create).find(id), {
        version: '1',
      })
    },
  )

  testOnEachEngine(`OPTIONS ${url} says what a patch may be, as does a refusal`, async (t) => {
    const app = await build(t)
    const before = await app.store<{ find(id: number): Promise<unknown> }>(create).find(id)
    const headers = { 'accept-patch': `${MERGE_PATCH}, ${JSON_PATCH}` }
    await expectReply(t, app, { method: 'OPTIONS', url }, { status: 204, headers })
    const other = patch(url, 'application/json', change)
    const reply = await expectReply(t, app, other, { status: 415, headers })
    t.notOk(reply.json().errors, 'no member is told')
    t.same(await app.store<{ find(id: number): Promise<unknown> }>(create).find(id), before)
  })
}
