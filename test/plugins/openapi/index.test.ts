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

t.test('the OpenAPI document shows the body limit and the deadline of a route', async (t) => {
  const deadline = {
    requestTimeoutMs: 20_000,
    replyTimeoutMs: 1_500,
    minBytesPerSecond: 1_000,
    maximumMs: 60_000,
  }
  const app = await buildWith(t, async (app) => {
    app.post('/fixture-uploads', { bodyLimit: 20_000_000, config: { deadline } }, async () => '')
    app.post('/other', async () => '')
  })
  await app.ready()
  const { paths } = app.openApiDocument()
  t.match(paths['/fixture-uploads']?.post, {
    'x-body-limit': 20_000_000,
    'x-deadline': deadline,
    description: [
      'The body can have at most 20000000 bytes.',
      'The body may stall for 20 s. The response begins within 1.5 s. Body and response must flow at 1000 ' +
        'bytes per second. The response ends within 60 s of the request.',
    ].join('\n\n'),
  })
  t.notMatch(JSON.stringify(paths['/other']), /x-body-limit|x-deadline|bytes per second/)
})
