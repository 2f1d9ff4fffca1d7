import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { digestToken } from '../../plugins/auth/token.ts'
import { FIXTURES } from '../fixtures/register.ts'
import { FAST_START, type Server, startServer, startSilent } from '../server.ts'
import { linesOf, pidsOf, until } from '../workers.ts'

const entryOf = (token: string) => `luis::${digestToken(token)}`

/** Returns the statuses of requests to all workers. */
async function statusesOf({ url }: Server, token: string): Promise<number[]> {
  const headers = { authorization: `Bearer ${token}`, connection: 'close' }
  const statuses: number[] = []
  for (let index = 0; index < 4; index++) {
    statuses.push((await fetch(`${url}/vault`, { headers })).status)
  }
  return statuses
}

const count = (server: Server, line: string) =>
  linesOf(server).filter(({ msg }) => msg === line).length

/** Sends SIGHUP, and waits for a further log line. */
async function reload(server: Server, line = 'accounts read again') {
  const before = count(server, line)
  server.signal('SIGHUP')
  await until(() => count(server, line) > before)
}

const ALL_OK = [200, 200, 200, 200]
const ALL_REFUSED = [401, 401, 401, 401]

for (const [variable, contents] of [
  ['AUTH_TOKENS', (entry: string) => `AUTH_TOKENS=${entry}\n`],
  ['AUTH_TOKENS_FILE', (entry: string) => `${entry}\n`],
] as const) {
  for (const WORKERS of ['1', '2']) {
    t.test(`SIGHUP reads ${variable} again, with WORKERS=${WORKERS}`, async (t) => {
      const file = variable === 'AUTH_TOKENS' ? '.env' : 'tokens'
      const directory = t.testdir({ [file]: contents(entryOf('old')) })
      const environment = {
        ...FAST_START,
        WORKERS,
        ...(file === 'tokens' && { AUTH_TOKENS_FILE: 'tokens' }),
      }
      const server = await startServer(t, environment, directory, FIXTURES)
      await until(() => pidsOf(server).length === Number(WORKERS))
      t.same(await statusesOf(server, 'old'), ALL_OK)

      writeFileSync(join(directory, file), contents(entryOf('new')))
      t.same(await statusesOf(server, 'new'), ALL_REFUSED)
      await reload(server)
      t.same(await statusesOf(server, 'old'), ALL_REFUSED, 'verified credentials are forgotten')
      t.same(await statusesOf(server, 'new'), ALL_OK)
      if (WORKERS === '2') {
        process.kill(pidsOf(server)[0] ?? 0, 'SIGKILL')
        await until(() => pidsOf(server).length === 3)
        t.same(await statusesOf(server, 'old'), ALL_REFUSED, 'a new worker has the new accounts')
        t.same(await statusesOf(server, 'new'), ALL_OK)
      }

      writeFileSync(join(directory, file), contents('no entry'))
      await reload(server, 'accounts cannot be read again')
      t.same(await statusesOf(server, 'new'), ALL_OK, 'the earlier accounts stay')
      t.equal(await server.stop(), 0)
    })
  }
}

t.test('accounts that other settings depend on change only with a restart', async (t) => {
  const directory = t.testdir({ '.env': `AUTH_TOKENS=${entryOf('old')}\n` })
  const server = await startServer(t, FAST_START, directory, FIXTURES)
  writeFileSync(join(directory, '.env'), '')
  await reload(server, 'accounts cannot be read again')
  t.same(await statusesOf(server, 'old'), ALL_OK)
  t.same(await statusesOf(server, 'secret-token'), ALL_REFUSED)
})

t.test('SIGHUP opens the log file again', async (t) => {
  const log = join(t.testdir(), 'log')
  const { child } = await startSilent(t, 'ignore', { LOG_FILE: log }, FIXTURES)
  renameSync(log, `${log}.1`)
  // With lines that were waiting for a write, the line of the first reload may be in the old file.
  await until(() => {
    child.kill('SIGHUP')
    return existsSync(log) && readFileSync(log, 'utf8').includes('accounts read again')
  })
  t.ok(existsSync(`${log}.1`))
})
