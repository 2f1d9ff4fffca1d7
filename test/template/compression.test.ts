import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { AUTHORIZATION, build } from '../app.ts'
import { fencedBlocks } from '../docs/console.ts'
import '../fixtures/register.ts'
import { startNginxProxy } from '../caches/caches.ts'
import { skipUnless } from '../requirement.ts'

const skip = skipUnless('nginx')

const DOCUMENT = join(import.meta.dirname, '../../docs/operations.md')
const [COMPRESS_IN_SERVICE = '', RESTORE_TAG = ''] = fencedBlocks(readFileSync(DOCUMENT, 'utf8'))
  .filter(({ language }) => language === 'nginx')
  .map(({ lines }) => lines.join('\n'))
  .filter((directives) => directives.includes('gzip'))

const COMPRESS = 'gzip on; gzip_types application/json;'
/** Lengths of a note that only nginx compresses, and of a note that the service compresses. */
const SHORT = 500
const LONG = 5_000

/** Starts the service behind nginx, with a note whose body has this length. */
async function start(t: Test, directives: string, length: number) {
  const app = await build(t)
  let title = 'a'
  const origin = await app.listen({ host: '127.0.0.1', port: 0 })
  const url = `${await startNginxProxy(t, origin, directives)}/notes/5`
  const fields = { accept: 'application/json', 'accept-encoding': 'gzip' }
  const read = async (more: Record<string, string> = {}) => {
    const { headers } = await fetch(url, { headers: { ...fields, ...more } })
    return { etag: String(headers.get('etag')), coding: headers.get('content-encoding') }
  }
  const write = async (more: Record<string, string>) => {
    const headers = { ...fields, authorization: AUTHORIZATION, 'content-type': 'application/json' }
    title += '.'
    const body = JSON.stringify({ title, body: 'b'.repeat(length), author: 'c' })
    const response = await fetch(url, { method: 'PUT', headers: { ...headers, ...more }, body })
    return { status: response.status, text: await response.text() }
  }
  t.equal((await write({})).status, 201)
  return { read, write }
}

t.test(
  'the 412 for a tag that nginx has weakened says how to get a strong tag',
  { skip },
  async (t) => {
    const { read, write } = await start(t, COMPRESS, SHORT)
    const weak = await read()
    t.match(weak, { etag: /^W\/"/, coding: 'gzip' })
    const refused = await write({ 'if-match': weak.etag })
    t.equal(refused.status, 412)
    t.match(refused.text, /the tag is weak .* Accept-Encoding: identity/)
    const { etag } = await read({ 'accept-encoding': 'identity' })
    t.equal((await write({ 'if-match': etag })).status, 200)
  },
)

t.test(
  'if nginx does not compress, the service does, and its tag can be written with',
  { skip },
  async (t) => {
    const { read, write } = await start(t, COMPRESS_IN_SERVICE, LONG)
    const { etag, coding } = await read()
    t.equal(coding, 'gzip')
    t.match(etag, /^"/)
    t.equal((await write({ 'if-match': etag })).status, 200)
    t.equal((await write({ 'if-match': etag })).status, 412, 'the tag is no longer current')
  },
)

t.test('nginx can compress and restore the tag', { skip }, async (t) => {
  const { read, write } = await start(t, RESTORE_TAG, SHORT)
  const { etag, coding } = await read()
  t.match({ etag, coding }, { etag: /^W\/"/, coding: 'gzip' })
  t.equal((await write({ 'if-match': etag })).status, 200)
  t.equal((await write({ 'if-match': etag })).status, 412, 'the tag is no longer current')
  t.equal((await write({ 'if-match': '*' })).status, 200)
  t.equal((await write({})).status, 428)
})
