import { hash } from 'node:crypto'
import t from 'tap'
import { buildWith } from '../app.ts'

const TOKEN = 'a-token-of-at-least-32-characters-for-the-test'

t.test('accepts a token in X-API-Key, and refuses other keys', async (t) => {
  const app = await buildWith(
    t,
    async (app) => {
      app.get('/account', { onRequest: app.requireAuth() }, async ({ principal }) => principal?.name)
    },
    { AUTH_TOKENS: `ci:write:sha256:${hash('sha256', TOKEN)}` },
  )
  const ask = (headers: Record<string, string>) => app.inject({ url: '/account', headers })
  t.equal((await ask({ 'x-api-key': TOKEN })).body, 'ci')
  t.equal((await ask({ 'x-api-key': 'another' })).statusCode, 401)
  t.equal((await ask({})).statusCode, 401)
  const both = await ask({ 'x-api-key': TOKEN, authorization: `Bearer ${TOKEN}` })
  t.equal(both.statusCode, 400)
  t.match(both.json().message, /exclude each other/)
})
