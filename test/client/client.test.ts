import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { createApi } from '../../client/client.ts'
import { build } from '../app.ts'
import { OPENAPI_FILE } from '../openapi/responses.ts'

const TYPES = join(import.meta.dirname, '../../client/openapi.d.ts')

t.test('client/openapi.d.ts is generated from the current docs/openapi.yaml', async (t) => {
  const [line = ''] = readFileSync(TYPES, 'utf8').split('\n')
  const digest = createHash('sha256').update(readFileSync(OPENAPI_FILE)).digest('hex')
  t.match(line, digest, 'run `npm run client` to update it')
})

t.test('the client returns the body of a response as data', async (t) => {
  const api = createApi(await (await build(t)).listen({ port: 0 }))
  const { data, error } = await api.GET('/')
  t.equal(data?.name, 'restful-web-api')
  t.equal(error, undefined)
})

t.test('the client returns the error document of a refused request as error', async (t) => {
  const api = createApi(await (await build(t)).listen({ port: 0 }), 'Bearer wrong')
  const { data, error } = await api.GET('/', { headers: { accept: 'image/png' } })
  t.equal(data, undefined)
  t.match(error, { status: 406, message: /^Not Acceptable: .*application\/json/ })
})
