import t from 'tap'
import { hashPassword, verifyPassword } from '../../plugins/auth/password.ts'
import { createToken, digestToken, verifyToken } from '../../plugins/auth/token.ts'
import { parseConfig } from '../../src/config.ts'
import { refusalOf } from '../refused-config.ts'

const PASSWORD_ENTRY = `luis:write,admin:${await hashPassword('correct horse')}`
const TOKEN = createToken()
const TOKEN_ENTRY = `robot::${digestToken(TOKEN)}`

t.test('parseConfig() reads accounts', async (t) => {
  const { users, tokens } = parseConfig({
    AUTH_USERS: PASSWORD_ENTRY,
    AUTH_TOKENS: TOKEN_ENTRY,
  }).auth
  t.strictSame(users, [{ name: 'luis', scopes: ['write', 'admin'], secret: users[0]?.secret }])
  t.ok(await verifyPassword('correct horse', String(users[0]?.secret)))
  t.strictSame(tokens, [{ name: 'robot', scopes: [], secret: digestToken(TOKEN) }])
})

const BAD_ACCOUNTS: [key: string, text: string, position: number][] = [
  ['AUTH_USERS', 'luis:hunter2', 1],
  ['AUTH_USERS', 'luis:write:hunter2', 1],
  ['AUTH_USERS', `${PASSWORD_ENTRY} luis:write:hunter2`, 2],
  ['AUTH_USERS', `luis:write:${digestToken('hunter2')}`, 1],
  ['AUTH_TOKENS', 'hunter2', 1],
  ['AUTH_TOKENS', 'robot:write:hunter2', 1],
  ['AUTH_TOKENS', `${TOKEN_ENTRY}  robot:hunter2`, 2],
  ['AUTH_TOKENS', PASSWORD_ENTRY, 1],
]

for (const [key, text, position] of BAD_ACCOUNTS) {
  t.test(
    `parseConfig() refuses ${key} with an invalid entry ${position}, and does not quote the entry`,
    async (t) => {
      const { message } = refusalOf({ [key]: text })
      t.match(message, `${key}: entry ${position} does not have the form name:scopes:hash`)
      t.notMatch(message, /hunter2|argon2|[0-9a-f]{64}/, 'the message contains no secret')
      t.notMatch(message, /[\r\n]/, 'the message is one line')
    },
  )
}

for (const HOST of ['127.0.0.1', '127.1.2.3', '::1', 'localhost']) {
  t.test(`with HOST ${HOST}, the tutorial's credentials are accepted`, async (t) => {
    const { auth, tutorialAccounts, htmlPages } = parseConfig({ HOST })
    const { users, tokens } = auth
    t.equal(tutorialAccounts, true)
    t.match(htmlPages.account, { user: 'admin', password: 'secret', token: 'secret-token' })
    t.match(users, [{ name: 'admin', scopes: ['write'] }])
    t.ok(await verifyPassword('secret', String(users[0]?.secret)), 'admin:secret')
    t.match(tokens, [{ name: 'admin', scopes: ['write'] }])
    t.ok(verifyToken('secret-token', String(tokens[0]?.secret)), 'secret-token')
  })
}

for (const HOST of [
  '0.0.0.0',
  '::',
  '192.168.1.2',
  '128.0.0.1',
  '127.0.0.1.example.com',
  '127.example.com',
  'localhost.example.com',
  'api.example.com',
]) {
  t.test(`with HOST ${HOST}, accounts are required`, async (t) => {
    const { message } = refusalOf({ HOST })
    t.match(message, `HOST is "${HOST}": set AUTH_USERS or AUTH_TOKENS`)
    t.equal(
      refusalOf({ HOST, AUTH_USERS: ' \t\n' }).message,
      message,
      'white space in AUTH_USERS is not an account',
    )
    t.equal(
      refusalOf({ HOST, AUTH_TOKENS: ' ' }).message,
      message,
      'white space in AUTH_TOKENS is not an account',
    )
    t.equal(
      parseConfig({ HOST, AUTH_USERS: PASSWORD_ENTRY }).server.host,
      HOST,
      'a user is sufficient',
    )
    t.equal(
      parseConfig({ HOST, AUTH_TOKENS: TOKEN_ENTRY }).server.host,
      HOST,
      'a token is sufficient',
    )
  })
}

t.test('a password hash that costs less than the minimum of OWASP is refused', async (t) => {
  const weak = PASSWORD_ENTRY.replace('m=19456', 'm=4096').replace('luis', 'ana')
  const AUTH_USERS = `${PASSWORD_ENTRY} ${weak}`
  t.match(refusalOf({ AUTH_USERS }).message, /^AUTH_USERS: the hash of entry 2 costs less than/)
})

t.test('white space in AUTH_USERS and AUTH_TOKENS is not an account', async (t) => {
  t.strictSame(parseConfig({ AUTH_USERS: ' ', AUTH_TOKENS: '\n' }), parseConfig({}))
})

t.test("a configured account removes the tutorial's accounts", async (t) => {
  t.match(parseConfig({ AUTH_USERS: PASSWORD_ENTRY }), {
    auth: { tokens: [] },
    tutorialAccounts: false,
  })
  t.match(parseConfig({ AUTH_TOKENS: TOKEN_ENTRY }), {
    auth: { users: [] },
    tutorialAccounts: false,
  })
})

t.test("with TRUST_PROXY, the tutorial's credentials are refused", async (t) => {
  const { message } = refusalOf({ TRUST_PROXY: '127.0.0.1, 10.0.0.0/8' })
  t.equal(
    message,
    'TRUST_PROXY is "127.0.0.1 10.0.0.0/8": set AUTH_USERS or AUTH_TOKENS to listen behind a proxy ' +
      "(everyone knows the tutorial's admin:secret)",
  )
  t.match(parseConfig({ TRUST_PROXY: '127.0.0.1', AUTH_USERS: PASSWORD_ENTRY }), {
    hosts: { onlyLoopback: false },
  })
})

t.test("with CORS_ORIGIN=*, the tutorial's credentials are refused", async (t) => {
  t.match(
    refusalOf({ CORS_ORIGIN: '*' }).message,
    'CORS_ORIGIN is "*": set AUTH_USERS or AUTH_TOKENS to accept writes from pages of all origins',
  )
  t.match(refusalOf({ CORS_ORIGIN: 'https://app.example, *' }).message, 'CORS_ORIGIN is "*"')
  t.ok(parseConfig({ CORS_ORIGIN: '*', AUTH_TOKENS: TOKEN_ENTRY }))
  t.ok(parseConfig({ CORS_ORIGIN: 'https://app.example' }), 'named origins are accepted')
})

const { users, tokens } = parseConfig({}).auth
const PUBLIC_ENTRIES: [key: string, entry: string][] = [
  ['AUTH_USERS', `luis:write:${users[0]?.secret}`],
  ['AUTH_TOKENS', `robot::${tokens[0]?.secret}`],
]

for (const [key, entry] of PUBLIC_ENTRIES) {
  t.test(`a hash of the tutorial in ${key} is accepted for loopback only`, async (t) => {
    const env = { AUTH_USERS: PASSWORD_ENTRY, AUTH_TOKENS: TOKEN_ENTRY, [key]: entry }
    for (const [setting, value] of [
      ['HOST', '0.0.0.0'],
      ['TRUST_PROXY', '127.0.0.1'],
      ['CORS_ORIGIN', '*'],
    ] as const) {
      const { message } = refusalOf({ ...env, [setting]: value })
      t.match(
        message,
        `${setting} is "${value}": AUTH_USERS or AUTH_TOKENS has a hash of the tutorial`,
      )
      t.notMatch(message, /argon2|[0-9a-f]{64}/, 'the message contains no hash')
    }
    t.match(parseConfig(env), {
      tutorialAccounts: false,
      hosts: { onlyLoopback: true },
    })
  })
}
