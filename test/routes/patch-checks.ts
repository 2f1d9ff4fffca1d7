import { JSON_PATCH, MERGE_PATCH } from '../../src/http/patch.ts'
import type { StoreFactory } from '../../src/storage/database.ts'
import { build, expectReply, patch, write } from '../app.ts'
import { testOnEachEngine } from '../engines.ts'

/**
 * Defines tests of the preconditions and media types of PATCH.
 *
 * @param url URL of an existing resource with its first version
 * @param change merge patch of this resource
 */
export function testPatch(
  url: string,
  create: StoreFactory<{ find(id: number): Promise<unknown> }>,
  change: Record<string, string>,
) {
  const [, collection, id] = url.split('/')
  const missing = `/${collection}/9`

  testOnEachEngine(`PATCH ${url} requires credentials and the current version`, async (t) => {
    const app = await build(t)
    const stale = patch(url, MERGE_PATCH, change, { 'if-match': '"7-json"' })
    await expectReply(t, app, stale, { status: 412 })
    const type = { 'content-type': MERGE_PATCH }
    const unconditional = write('PATCH', url, type, change)
    await expectReply(t, app, unconditional, { status: 428 })
    await expectReply(t, app, { ...unconditional, url: missing }, { status: 404 })
    const anonymous = { ...type, 'if-match': '"1-json"' }
    await expectReply(t, app, { ...unconditional, headers: anonymous }, { status: 401 })
    t.match(await app.store(create).find(Number(id)), { version: '1' })
  })

  testOnEachEngine(`OPTIONS ${url} and 415 responses list the patch media types`, async (t) => {
    const app = await build(t)
    const before = await app.store(create).find(Number(id))
    const headers = { 'accept-patch': `${MERGE_PATCH}, ${JSON_PATCH}, application/json` }
    await expectReply(t, app, { method: 'OPTIONS', url }, { status: 204, headers })
    const other = patch(url, 'application/json5', change)
    const reply = await expectReply(t, app, other, { status: 415, headers })
    t.notOk(reply.json().errors, 'the error names no member')
    t.same(await app.store(create).find(Number(id)), before)
  })

  testOnEachEngine(`PATCH ${url} reads JSON as a merge patch`, async (t) => {
    const app = await build(t)
    const json = { accept: 'application/json' }
    const request = patch(url, 'application/json', change, json)
    const reply = await expectReply(t, app, request, {})
    t.match(reply.json(), change)
  })

  testOnEachEngine(`a write of ${url} that changes nothing makes no new version`, async (t) => {
    const app = await build(t)
    const json = { accept: 'application/json' }
    const { body, headers } = await app.inject({ url, headers: json })
    const [name = '', value] = Object.entries(change)[0] ?? []
    const original = JSON.parse(body)[name]
    const same = [{ op: 'replace', path: `/${name}`, value: original }]
    for (const [type, payload] of [
      [MERGE_PATCH, {}],
      [JSON_PATCH, []],
      [MERGE_PATCH, { [name]: original }],
      [JSON_PATCH, same],
      [JSON_PATCH, [{ op: 'replace', path: `/${name}`, value }, ...same]],
    ] as const) {
      const unchanged = { headers: { etag: headers.etag }, body: JSON.parse(body) }
      await expectReply(t, app, patch(url, type, payload, json), unchanged)
    }
    const { id: _id, createdAt: _createdAt, updatedAt: _updatedAt, ...fields } = JSON.parse(body)
    const put = write('PUT', url, { ...json, 'if-match': '*' }, fields)
    await expectReply(t, app, put, { headers: { etag: headers.etag }, body: JSON.parse(body) })
    t.match(await app.store(create).find(Number(id)), { version: '1' })
  })
}
