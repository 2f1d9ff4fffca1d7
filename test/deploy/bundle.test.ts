import { execFile } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { startCollector } from '../collector.ts'
import { signalledAfter } from '../early-signal.ts'
import { databaseUrl, testOnPostgres } from '../engines.ts'
import { FIXTURES } from '../fixtures/register.ts'
import { startRedis } from '../redis-server.ts'
import { skipUnless } from '../requirement.ts'
import { FAST_START, ON_TERMINAL, startProcess } from '../server.ts'
import { runAll } from '../wire/run.ts'
import { TABLES } from '../wire/tables.ts'

const run = promisify(execFile)
const ROOT = join(import.meta.dirname, '../..')
const FOLDER = t.testdir()

const REGISTER = 'test/fixtures/register.ts'

/** Node option that makes the bundled service run with the bundled fixture resources. */
const BUNDLED_FIXTURES = `--import=${pathToFileURL(join(FOLDER, REGISTER))}`

/** Folder and source of a resource with a route that throws. */
const FAILING = 'test/fixtures/resources/failing'
const THROWING_ROUTE = `
  export default async (app) => {
    app.get('/fails', async () => {
      throw new TypeError('no such thing')
    })
  }
`

/** Starts the bundled service, by default with a database in memory. */
function start(t: Test, environment: Record<string, string> = {}, ...options: string[]) {
  return startProcess(t, [BUNDLED_FIXTURES, ...options, join(FOLDER, 'src/start.js')], {
    ...FAST_START,
    DATABASE_URL: 'sqlite::memory:',
    ...environment,
  })
}

function runCommand(path: string, words: string[], environment: Record<string, string> = {}) {
  return run(process.execPath, [BUNDLED_FIXTURES, join(FOLDER, path), ...words], {
    env: { ...process.env, ...FAST_START, ...environment },
  })
}

function bundle(...words: string[]) {
  return run(process.execPath, ['deploy/bundle.ts', ...words], { cwd: ROOT })
}

t.before(async () => {
  const modules = globSync('test/fixtures/resources/*/{index.ts,migrations/*}', { cwd: ROOT })
  await bundle(FOLDER, REGISTER, ...modules)
  symlinkSync(join(ROOT, 'node_modules'), join(FOLDER, 'node_modules'))
  mkdirSync(join(FOLDER, FAILING))
  writeFileSync(join(FOLDER, FAILING, 'index.ts'), THROWING_ROUTE)
})

t.test(
  'the bundle has separate files only for the modules that the service finds by path',
  async (t) => {
    const found = globSync('{src,plugins,routes}/**/*.ts', { cwd: FOLDER }).sort()
    const commands = ['src/commands/db.ts', 'src/commands/hash-secret.ts']
    const autoloaded = [
      'plugins/*.ts',
      'plugins/*/index.ts',
      'plugins/*/routes.ts',
      'routes/*/index.ts',
    ]
    const storage = ['plugins/*/migrations/*.ts', 'routes/*/migrations/*.ts', 'routes/*/seed.ts']
    const expected = globSync([...commands, ...autoloaded, ...storage], { cwd: ROOT })
    t.strictSame(found, expected.sort())
  },
)

t.test('the bundle contains no development dependency', async (t) => {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'))
  const modules = globSync('{chunks,plugins,routes,src}/**/*.{js,ts}', { cwd: FOLDER })
  // esbuild writes a comment with the path of each module above the module.
  const found = modules.flatMap((path) => [
    ...readFileSync(join(FOLDER, path), 'utf8').matchAll(
      /^\/\/ .*?(node_modules\/(?:@[^/]+\/)?[^/\n]+)/gm,
    ),
  ])
  const names = new Set(found.map(([, name = '']) => name))
  t.ok(names.size > 50, `only ${names.size} packages are found in the bundle`)
  for (const name of names) t.equal(packages[name]?.dev, undefined, name)
})

t.test("the bundler requires a folder, and refuses the service's own", async (t) => {
  const refused = async (...words: string[]) => bundle(...words).catch((error: unknown) => error)
  t.match(await refused(), { code: 1, stderr: /name the folder/ })
  t.match(await refused('.'), {
    code: 1,
    stderr: /which has the sources of the service: choose another folder/,
  })
})

t.test(
  'the bundled service accepts a database that the sources have migrated, and vice versa',
  async (t) => {
    const url = (name: string) => ({ DATABASE_URL: `sqlite:${join(t.testdirName, name)}` })
    t.testdir()
    const db = 'src/commands/db.ts'
    const bySources = (words: string[], environment: Record<string, string>) =>
      run(process.execPath, [FIXTURES, join(ROOT, db), ...words], {
        env: { ...process.env, ...environment },
      })
    await bySources(['migrate'], url('sources.db'))
    await runCommand(db, ['migrate'], url('bundle.db'))
    t.match(await runCommand(db, ['migrate'], url('sources.db')), {
      stdout: 'no pending migrations',
    })
    t.match(await bySources(['migrate'], url('bundle.db')), { stdout: 'no pending migrations' })
    const { stdout } = await runCommand(db, ['status'], url('sources.db'))
    t.match(stdout, /^unknown migrations: none\nedited migrations: none$/m)
  },
)

t.test(
  'the bundled service sends the same responses as the service from the sources',
  async (t) => {
    for (const [environment, tables] of Map.groupBy(TABLES, (table) => table.environment)) {
      const { url, stop } = await start(t, environment)
      for (const { cases } of tables) {
        for (const { wireCase, problems } of await runAll(cases, Number(new URL(url).port))) {
          t.same(problems, [], `${wireCase.section}: ${wireCase.sent}`)
        }
      }
      t.equal(await stop(), 0)
    }
  },
)

t.test('the bundled service serves the reference and the files of pages', async (t) => {
  const { url } = await start(t)
  const page = await (await fetch(`${url}/docs`)).text()
  const files = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:css|js))"/g)]
  t.equal(files.length, 2)
  for (const [, path = ''] of files) t.equal((await fetch(`${url}/${path}`)).status, 200, path)
})

t.test('with DEBUG, the HTML page of an error names the source file that threw', async (t) => {
  const { url } = await start(t, { DEBUG: 'true' })
  const reply = await fetch(`${url}/fails`, { headers: { accept: 'text/html' } })
  t.equal(reply.status, 500)
  t.match(await reply.text(), /no such thing.*resources\/failing\/index\.ts/s)
})

t.test('a signal during the start stops the bundled service', async (t) => {
  for (const WORKERS of ['1', '2']) {
    const args = signalledAfter(t, 0, join(FOLDER, 'src/start.js'))
    const started = startProcess(t, args, { WORKERS }, t.testdirName, 'env')
    await t.rejects(started, { message: /ended with 1 before it listened/ }, `WORKERS=${WORKERS}`)
  }
})

t.test('on a terminal, the log is readable', async (t) => {
  const { lines } = await start(t, {}, ON_TERMINAL)
  t.match(lines.join('\n'), /^\[[\d:.]+\] .*INFO.*: .*Server listening at/m)
})

t.test('the bundled service sends spans to a collector', async (t) => {
  const collector = await startCollector(t)
  const { url, stop } = await start(t, collector.environment)
  await fetch(`${url}/greeting`)
  await stop()
  t.match(collector.spans(), [{ name: 'GET /greeting' }])
})

t.test(
  'bundled replicas share a rate limit through Redis',
  { skip: skipUnless('redis-server') },
  async (t) => {
    const redis = await startRedis(t)
    const environment = { REDIS_URL: redis.url, RATE_LIMIT: '10' }
    const remaining: (string | null)[] = []
    for (const _ of 'ab') {
      const { url } = await start(t, environment)
      remaining.push((await fetch(`${url}/greeting`)).headers.get('ratelimit'))
    }
    t.match(remaining, [/r=9/, /r=8/])
  },
)

testOnPostgres('the bundled service and its commands use PostgreSQL', async (t) => {
  const DATABASE_URL = await databaseUrl(t)
  const { url } = await start(t, { DATABASE_URL, WORKERS: '2' })
  t.equal(await (await fetch(`${url}/notes/123`)).text(), 'You are reading 123')
  const { stdout } = await runCommand('src/commands/db.ts', ['status'], { DATABASE_URL })
  t.match(stdout, /engine: PostgreSQL.*rows in fixture_notes: [1-9]/s)
})

t.test('the bundled hash-secret creates tokens', async (t) => {
  const { stdout } = await runCommand('src/commands/hash-secret.ts', ['--token'])
  t.match(stdout, /[\da-f]{64}/)
})
