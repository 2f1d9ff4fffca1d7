/** Starts that fail: each prints what to do, and has the exit code 1. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import packageJson from '../../package.json' with { type: 'json' }
import { START } from '../server.ts'

/** Starts the service, which must fail. Returns the exit code and the standard error. */
async function failToStart(
  t: Test,
  environment: Record<string, string>,
  cwd = t.testdir(),
  args = [START],
) {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, PORT: '0', ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
  return { code, stderr }
}

const AUTH_TOKENS = `someone::${'0'.repeat(64)}`

const BAD_SETTINGS: Record<string, [environment: Record<string, string>, expected: string]> = {
  'an invalid value': [{ PORT: 'abc' }, 'PORT is "abc": must be integer'],
  'a public address without accounts': [{ HOST: '0.0.0.0' }, 'HOST is "0.0.0.0": set AUTH_USERS'],
  'an address of another machine': [{ HOST: '192.0.2.1', AUTH_TOKENS }, 'EADDRNOTAVAIL'],
  'a database file that cannot be created': [
    { DATABASE_URL: 'sqlite:/dev/null/api.db' },
    'cannot open the database',
  ],
  'a database that no worker can open': [
    { DATABASE_URL: 'sqlite:/dev/null/api.db', WORKERS: '2' },
    'cannot open the database',
  ],
  'a database that refuses connections': [
    { DATABASE_URL: 'postgres://luis:hunter2@127.0.0.1:1/api' },
    'cannot migrate the database: PostgreSQL: connect ECONNREFUSED 127.0.0.1:1',
  ],
  'a database URL with an unencoded password': [
    { DATABASE_URL: 'postgres://luis:hunter2/hunter2@127.0.0.1/api' },
    'the URL of PostgreSQL cannot be used: write it like postgres://USER:PASSWORD@HOST',
  ],
  'a log file that cannot be created': [
    { LOG_FILE: '/dev/null/app.log' },
    'LOG_FILE is "/dev/null/app.log"',
  ],
}

for (const [title, [environment, expected]] of Object.entries(BAD_SETTINGS)) {
  t.test(`${title} stops the start with one line and exit code 1`, async (t) => {
    const { code, stderr } = await failToStart(t, environment)
    t.equal(code, 1)
    t.match(stderr, expected)
    t.match(stderr, /^restful-web-api cannot start: .+\n$/, 'the error is one line')
    t.notMatch(stderr, 'hunter2', 'the error contains no password')
  })
}

t.test('a file that is not a database stops the start, and is not changed', async (t) => {
  const directory = t.testdir({
    'notes.txt': 'These are notes, and long enough to be read as a header.',
  })
  const file = join(directory, 'notes.txt')
  const before = readFileSync(file)
  const { code, stderr } = await failToStart(t, { DATABASE_URL: `sqlite:${file}` }, directory)
  t.equal(code, 1)
  t.match(stderr, /^restful-web-api cannot start: .*file is not a database\n$/)
  t.same(readFileSync(file), before)
})

for (const key of ['PORT', 'ADMIN_PORT']) {
  for (const WORKERS of ['1', '2']) {
    t.test(`a ${key} in use stops the start with one line, with WORKERS=${WORKERS}`, async (t) => {
      const other = createServer().listen(0, '127.0.0.1')
      await once(other, 'listening')
      t.teardown(() => other.close())
      const address = other.address()
      const port = typeof address === 'object' ? address?.port : ''
      const environment = { LOG_LEVEL: 'silent', [key]: String(port), WORKERS }
      const { code, stderr } = await failToStart(t, environment)
      t.equal(code, 1)
      t.equal(
        stderr,
        `restful-web-api cannot start: ${key} is ${port}: this port of 127.0.0.1 is in use: ` +
          `stop the program that listens there, or set ${key} to another port\n`,
      )
    })
  }
}

/** Node option that replaces the package `fastify` by another module. */
const replaceFastify = (module: string) =>
  `--import=data:text/javascript,${encodeURIComponent(`
    import { registerHooks } from 'node:module'
    registerHooks({ resolve: (name, context, next) => next(name === 'fastify' ? '${module}' : name, context) })
  `)}`

for (const [title, module, expected] of [
  [
    'a missing package stops the start with one line that says what to run',
    'no-such-package',
    /^restful-web-api cannot start: Cannot find package 'no-such-package': run "npm ci"\n$/,
  ],
  [
    'another error in a module is printed with its stack',
    'data:text/javascript,',
    /SyntaxError: .*\n\s+at /,
  ],
] as const) {
  t.test(title, async (t) => {
    const { code, stderr } = await failToStart(t, {}, t.testdir(), [replaceFastify(module), START])
    t.equal(code, 1)
    t.match(stderr, expected)
  })
}

t.test('an unreadable .env stops the start', async (t) => {
  const directory = t.testdir({ '.env': {} })
  const { code, stderr } = await failToStart(t, {}, directory)
  t.equal(code, 1)
  t.match(stderr, /^restful-web-api cannot start: .*\.env.*\n$/)
})

t.test('an unexpected error during the start is printed with its stack', async (t) => {
  const directory = t.testdir()
  const preload = join(directory, 'preload.mjs')
  writeFileSync(
    preload,
    "import net from 'node:net'\nnet.Server.prototype.listen = () => { throw new Error('a bug') }\n",
  )
  const NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} --import=${preload}`
  const { code, stderr } = await failToStart(t, { NODE_OPTIONS }, directory)
  t.equal(code, 1)
  t.match(stderr, /Error: a bug\n\s+at /)
})

const VERSIONS: [version: string, isSupported: boolean][] = [
  ['22.23.4', false],
  ['24.7.0', false],
  ['24.18.0', false],
  ['24.18.1', true],
  ['24.19.0', true],
  ['25.9.0', false],
  ['26.5.0', false],
  ['26.5.1', true],
  ['26.10.0', true],
  ['27.0.0', true],
]

const NEEDS_NODE =
  /^restful-web-api needs Node \^24\.18\.1 \|\| >=26\.5\.1, but this is v.+: run "npm ci --include=dev", .+\n$/

/** Returns the environment of a process that takes its Node for another version. */
function pretendNode(directory: string, version: string) {
  const preload = join(directory, 'preload.mjs')
  writeFileSync(
    preload,
    `Object.defineProperty(process.versions, 'node', { value: '${version}' })\n`,
  )
  return { NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import=${preload}` }
}

for (const [version, isSupported] of VERSIONS) {
  t.test(`Node ${version} ${isSupported ? 'can' : 'cannot'} run the service`, async (t) => {
    const directory = t.testdir()
    const environment = { ...pretendNode(directory, version), PORT: 'x' }
    const { code, stderr } = await failToStart(t, environment, directory)
    t.equal(code, 1)
    t.match(stderr, isSupported ? /PORT is "x"/ : NEEDS_NODE)
  })
}

for (const command of ['db', 'hash-secret'] as const) {
  t.test(`"npm run ${command}" with an old Node says which Node is needed`, async (t) => {
    const environment = pretendNode(t.testdir(), '20.20.2')
    const [, ...args] = packageJson.scripts[command].split(' ')
    const { code, stderr } = await failToStart(t, environment, join(START, '../..'), args)
    t.equal(code, 1)
    t.match(stderr, NEEDS_NODE)
  })
}
