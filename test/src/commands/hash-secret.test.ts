import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseEnv } from 'node:util'
import t from 'tap'
import { verifyPassword } from '../../../plugins/auth/password.ts'
import { verifyToken } from '../../../plugins/auth/token.ts'
import { parseConfig } from '../../../src/config.ts'

const COMMAND = fileURLToPath(new URL('../../../src/commands/hash-secret.ts', import.meta.url))

function run(parameters: string[], input: string | Buffer = '') {
  const { env } = process
  return spawnSync(process.execPath, [COMMAND, ...parameters], { input, env, encoding: 'utf8' })
}

const USERS: { title: string; parameters: string[]; name: string; scopes: string[] }[] = [
  { title: 'for admin with the scope write', parameters: [], name: 'admin', scopes: ['write'] },
  { title: 'for another name', parameters: ['luis'], name: 'luis', scopes: ['write'] },
  {
    title: 'with other scopes',
    parameters: ['luis', '--scopes', 'logs,articles.write'],
    name: 'luis',
    scopes: ['logs', 'articles.write'],
  },
  { title: 'without scopes', parameters: ['--scopes', ''], name: 'admin', scopes: [] },
  {
    title: 'for a name with characters that are special in a shell',
    parameters: ['a$b\\n"#`'],
    name: 'a$b\\n"#`',
    scopes: ['write'],
  },
]

for (const { title, parameters, name, scopes } of USERS) {
  t.test(`hash-secret prints an entry for AUTH_USERS ${title}`, async (t) => {
    const { status, stdout, stderr } = run(parameters, 'correct horse battery\n')
    t.equal(status, 0)
    t.match(stdout, /^AUTH_USERS='.+'\n$/, 'standard output contains only the entry')
    t.equal(stderr, 'password: ')
    const [account] = parseConfig(parseEnv(stdout)).auth.users
    t.strictSame(account, { name, scopes, secret: account?.secret })
    t.equal(await verifyPassword('correct horse battery', String(account?.secret)), true)
    t.notMatch(stdout + stderr, 'correct horse battery', 'the password is not printed')
  })
}

t.test('hash-secret --token prints a token and its entry for AUTH_TOKENS', async (t) => {
  const { status, stdout, stderr } = run(['--token', 'robot', '--scopes', 'write,logs'])
  t.equal(status, 0)
  t.match(stdout, /^AUTH_TOKENS='\S+'\n$/, 'standard output can be appended to .env')
  const [, token = ''] = /^token: (\S+)\n$/.exec(stderr) ?? []
  const [account] = parseConfig(parseEnv(stdout)).auth.tokens
  t.strictSame(account, { name: 'robot', scopes: ['write', 'logs'], secret: account?.secret })
  t.equal(verifyToken(token, String(account?.secret)), true)
  t.notMatch(stdout, token, 'standard output does not contain the token')
})

for (const [title, input, password] of [
  ['without a line break', 'correct horse battery', 'correct horse battery'],
  ['with a Windows line break', 'correct horse battery\r\n', 'correct horse battery'],
  ['followed by more lines', 'correct horse battery\nstaple\n', 'correct horse battery'],
  ['with white space around it', ' correct horse \n', ' correct horse '],
  ['with a line separator', 'correct\u2028horse battery\n', 'correct\u2028horse battery'],
  ['with decomposed characters', 'kra\u0308ftiges Pferd\n', 'kr\u00e4ftiges Pferd'],
  ['with a space of another script', 'correct\u3000horse battery\n', 'correct horse battery'],
] as const) {
  t.test(`hash-secret accepts a password ${title}`, async (t) => {
    const { status, stdout } = run([], input)
    t.equal(status, 0)
    const [account] = parseConfig(parseEnv(stdout)).auth.users
    t.equal(await verifyPassword(password, String(account?.secret)), true)
  })
}

const REFUSED: { title: string; parameters: string[]; input?: string | Buffer }[] = [
  { title: 'no password', parameters: [] },
  { title: 'an empty password', parameters: [], input: '\n' },
  {
    title: 'a password that is not UTF-8',
    parameters: [],
    input: Buffer.from('kr\xe4ftiges Pferd\n', 'latin1'),
  },
  {
    title: 'a password with a control character',
    parameters: [],
    input: 'correct\thorse battery\n',
  },
  {
    title: 'a password that fits into no request',
    parameters: [],
    input: `${Array.from({ length: 2_000 }, (_, index) => index).join(' ')}\n`,
  },
  { title: 'a short password', parameters: [], input: 'correct horse\n' },
  { title: 'a common password', parameters: [], input: 'passwordpassword\n' },
  { title: 'a name with a colon', parameters: ['a:b'], input: 'correct horse battery\n' },
  ...['', 'a:b', 'a b', ' a', 'a ', 'a\nb', "it's", 'a\x7f', 'zo\ufffd'].map((name) => ({
    title: `the name ${JSON.stringify(name)}`,
    parameters: ['--token', name],
  })),
  ...['a b', 'a:b', 'a,,b', ',', "it's", 'a"b'].map((scopes) => ({
    title: `the scopes ${JSON.stringify(scopes)}`,
    parameters: ['--token', '--scopes', scopes],
  })),
]

for (const { title, parameters, input } of REFUSED) {
  t.test(`hash-secret refuses ${title} with one line on standard error`, async (t) => {
    const { status, stdout, stderr } = run(parameters, input)
    t.equal(status, 1)
    t.equal(stdout, '', 'no entry is printed')
    t.match(stderr, /^(?:password: )?hash-secret: .+\n$/)
  })
}

t.test('hash-secret refuses a password as a command-line option', async (t) => {
  const { status, stdout, stderr } = run(['--password', 'hunter2'])
  t.not(status, 0)
  t.equal(stdout, '')
  t.match(stderr, "Unknown option '--password'")
})

t.test('hash-secret refuses an unknown option with one line on standard error', async (t) => {
  const { status, stdout, stderr } = run(['--nope'])
  t.equal(status, 1)
  t.equal(stdout, '')
  t.match(stderr, /^hash-secret: .*--nope.*\n$/)
})
