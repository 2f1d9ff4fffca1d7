import type { FastifyPluginAsync } from 'fastify'
import t from 'tap'
import { HttpError } from '../../../src/http/http-error.ts'
import { PROBLEM_TYPES } from '../../../src/http/problem.ts'
import { build, buildWith, expectReply } from '../../app.ts'
import '../../fixtures/register.ts'

/** Maximum length of a detail, in characters. */
const LIMIT = 10_000

function refusing(detail: string): FastifyPluginAsync {
  return async (routes) => {
    routes.get('/refused', () => {
      throw new HttpError('CONFLICT', detail)
    })
  }
}

t.test('an error document repeats at most 10,000 characters', async (t) => {
  const app = await buildWith(t, refusing('a'.repeat(LIMIT + 1)))
  const body = { status: 409, message: `Conflict: ${'a'.repeat(LIMIT)}…` }
  await expectReply(t, app, { url: '/refused' }, { status: 409, body })
})

t.test('an error document repeats all of 10,000 characters', async (t) => {
  const app = await buildWith(t, refusing('a'.repeat(LIMIT)))
  const body = { status: 409, message: `Conflict: ${'a'.repeat(LIMIT)}` }
  await expectReply(t, app, { url: '/refused' }, { status: 409, body })
})

t.test('a 404 has the whole URL, which may be long', async (t) => {
  const app = await build(t)
  const url = `/${'a'.repeat(7_999)}`
  const body = { status: 404, message: `Not Found: http://localhost${url}` }
  await expectReply(t, app, { url, headers: { host: 'localhost' } }, { status: 404, body })
})

t.test('no error document is long if a client sends long names', async (t) => {
  const app = await build(t)
  const names = Array.from({ length: 20 }, (_, index) => `${index}${'<'.repeat(50_000)}`)
  const payload = JSON.stringify(Object.fromEntries(names.map((name) => [name, 0])))
  for (const accept of PROBLEM_TYPES) {
    const headers = {
      authorization: 'Bearer secret-token',
      'content-type': 'application/json',
      accept,
    }
    const { statusCode, body } = await app.inject({
      method: 'POST',
      url: '/notes',
      headers,
      payload,
    })
    t.equal(statusCode, 400)
    t.ok(body.length < 300_000, `${accept}: ${body.length} characters`)
  }
})
