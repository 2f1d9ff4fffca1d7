import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { build, buildWith } from '../../app.ts'
import { runScript } from '../../docs/clone.ts'
import { OPENAPI_FILE } from '../../openapi/responses.ts'

const WRITER = join(import.meta.dirname, '../../openapi/write-openapi.ts')

t.test('docs/openapi.yaml is up to date', async (t) => {
  const file = join(t.testdir(), 'openapi.yaml')
  // Writes the document in a separate process, because this process may have registered test resources.
  t.equal((await runScript(process.cwd(), WRITER, file)).code, 0)
  t.equal(
    readFileSync(file, 'utf8'),
    readFileSync(OPENAPI_FILE, 'utf8'),
    'run `npm run openapi` to update it',
  )
})

t.test('a route with hide is not in the OpenAPI document', async (t) => {
  const app = await buildWith(t, async (app) => {
    app.get('/shown', async () => '')
    app.get('/hidden', { schema: { hide: true } }, async () => '')
  })
  await app.ready()
  const { paths } = app.openApiDocument()
  t.ok(paths['/shown'])
  t.notOk(paths['/hidden'])
})

t.test('openApiDocument() returns the same object on each call', async (t) => {
  const app = await build(t)
  await app.ready()
  t.equal(app.openApiDocument(), app.openApiDocument())
})
