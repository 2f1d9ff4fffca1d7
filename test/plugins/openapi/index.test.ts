import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { build, buildWith } from '../../app.ts'
import { runScript } from '../../docs/clone.ts'
import { CONTRACT } from '../../openapi/responses.ts'

const WRITER = join(import.meta.dirname, '../../openapi/write-openapi.ts')

t.test('docs/openapi.yaml is the contract of the service', async (t) => {
  const file = join(t.testdir(), 'openapi.yaml')
  // in a process of its own, which has the service's resources alone
  t.equal((await runScript(process.cwd(), WRITER, file)).code, 0)
  t.equal(readFileSync(file, 'utf8'), readFileSync(CONTRACT, 'utf8'), 'as npm run contract does')
})

t.test('a route that hides has no part in the contract', async (t) => {
  const app = await buildWith(t, async (app) => {
    app.get('/shown', async () => '')
    app.get('/hidden', { schema: { hide: true } }, async () => '')
  })
  await app.ready()
  const { paths } = app.contract()
  t.ok(paths['/shown'])
  t.notOk(paths['/hidden'])
})

t.test('the contract is built once', async (t) => {
  const app = await build(t)
  await app.ready()
  t.equal(app.contract(), app.contract())
})
