import t from 'tap'
import { createToken, digestToken } from '../../plugins/auth/token.ts'
import { buildWith } from '../app.ts'

const TOKEN = createToken()

t.test('accepts a token in X-API-Key, and refuses other keys', async (t) => {
  const app = await buildWith(
    t,
    async (app) => {
      app.get(
        '/account',
        { onRequest: app.requireAuth() },
        async ({ principal }) => principal?.name,
      )
    },
    { AUTH_TOKENS: `ci:write:${digestToken(TOKEN)}` },
  )
  const ask = (headers: Record<string, string>) => app.inject({ url: '/account', headers })
  t.equal((await ask({ 'x-api-key': TOKEN })).body, 'ci')
  t.equal((await ask({ 'x-api-key': 'another' })).statusCode, 401)
  t.equal((await ask({})).statusCode, 401)
  const both = await ask({ 'x-api-key': TOKEN, authorization: `Bearer ${TOKEN}` })
  t.equal(both.statusCode, 400)
  t.match(both.json().message, /exclude each other/)
})
