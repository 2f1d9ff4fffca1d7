import { RESOURCES } from '../../../src/resources.ts'
import { build, expectReply, patch, write } from '../../app.ts'
import { testOnEachEngine } from '../../engines.ts'
import { CONSTRAINED } from '../../fixtures/folder.ts'
import '../../fixtures/register.ts'

RESOURCES.push(CONSTRAINED)

const URL = '/fixture-projects/1'
const WHOLE = { name: 'A bridge', code: 'a', contact: 'ann@example.com', budget: 0 }
const { contact, budget, ...REST } = WHOLE

testOnEachEngine('a PUT without an optional member removes the member once', async (t) => {
  const app = await build(t)
  const created = await app.inject(write('POST', '/fixture-projects', {}, WHOLE))
  const whole = { 'if-match': String(created.headers.etag) }
  const kept = { headers: { etag: created.headers.etag }, body: { id: 1, ...WHOLE } }
  await expectReply(t, app, write('PUT', URL, whole, WHOLE), kept)
  const body = { id: 1, ...REST }
  const { headers } = await expectReply(t, app, write('PUT', URL, whole, REST), { body })
  t.not(headers.etag, created.headers.etag, 'the resource has a new version')
  await expectReply(t, app, { url: URL }, { body })
  const rest = { 'if-match': String(headers.etag) }
  const same = { headers: { etag: headers.etag }, body }
  await expectReply(t, app, write('PUT', URL, rest, REST), same)
  const removal = { contact: null, budget: null }
  await expectReply(t, app, patch(URL, 'application/merge-patch+json', removal, rest), same)
  await expectReply(t, app, write('PUT', URL, rest, WHOLE), { body: { id: 1, ...WHOLE } })
})
