import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseEnv } from 'node:util'
import t from 'tap'
import { verifyPassword } from '../../../src/auth/password.ts'
import { verifyToken } from '../../../src/auth/token.ts'
import { parseConfig } from '../../../src/config.ts'

const COMMAND = fileURLToPath(new URL('../../../src/auth/hash-secret.ts', import.meta.url))

function run(parameters: string[], input = '') {
  const { env } = process
  return spawnSync(process.execPath, [COMMAND, ...parameters], { input, env, encoding: 'utf8' })
}

const USERS: { title: string; parameters: string[]; name: string; scopes: string[] }[] = [
  { title: 'of admin, who may write', parameters: [], name: 'admin', scopes: ['write'] },
  { title: 'of another name', parameters: ['luis'], name: 'luis', scopes: ['write'] },
  {
    title: 'of other scopes',
    parameters: ['luis', '--scopes', 'logs,articles.write'],
    name: 'luis',
    scopes: ['logs', 'articles.write'],
  },
  { title: 'without scopes', parameters: ['--scopes', ''], name: 'admin', scopes: [] },
]

for (const { title, parameters, name, scopes } of USERS) {
  t.test(`hash-secret makes an entry for AUTH_USERS ${title}`, async (t) => {
    const { status, stdout, stderr } = run(parameters, 'correct horse\n')
    t.equal(status, 0)
    t.match(stdout, /^AUTH_USERS='.+'\n$/, 'it is the only thing on standard output')
    t.equal(stderr, 'password: ')
    const [account] = parseConfig(parseEnv(stdout)).AUTH_USERS
    t.strictSame(account, { name, scopes, secret: account?.secret })
    t.equal(await verifyPassword('correct horse', String(account?.secret)), true)
    t.notMatch(stdout + stderr, 'correct horse', 'the password is nowhere')
  })
}

t.test('hash-secret --token makes a token and its entry for AUTH_TOKENS', async (t) => {
  const { status, stdout } = run(['--token', 'robot', '--scopes', 'write,logs'])
  t.equal(status, 0)
  const [, token = ''] = /^# the token is (\S+)\nAUTH_TOKENS='\S+'\n$/.exec(stdout) ?? []
  const [account] = parseConfig(parseEnv(stdout)).AUTH_TOKENS
  t.strictSame(account, { name: 'robot', scopes: ['write', 'logs'], secret: account?.secret })
  t.equal(verifyToken(token, String(account?.secret)), true)
  t.notMatch(stdout.split('\n')[1], token, 'the entry does not hold the token')
})

t.test('hash-secret refuses an option that it does not know', async (t) => {
  const { status, stdout, stderr } = run(['--password', 'hunter2'])
  t.not(status, 0)
  t.equal(stdout, '')
  t.match(stderr, "Unknown option '--password'")
})
