import { execFile } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { startCollector } from '../collector.ts'
import { databaseUrl, testOnPostgres } from '../engines.ts'
import { startRedis } from '../redis-server.ts'
import { skipUnless } from '../requirement.ts'
import { FAST_START, ON_TERMINAL, startProcess } from '../server.ts'
import { runAll } from '../wire/run.ts'
import { TABLES } from '../wire/tables.ts'

const run = promisify(execFile)
const ROOT = join(import.meta.dirname, '../..')
const FOLDER = t.testdir()

/** A route that fails, to see what becomes of that. */
const FAILING = `
  export default async (app) => {
    app.get('/fails', async () => {
      throw new TypeError('no such thing')
    })
  }
`

/** The bundled service, on a database in memory unless told otherwise. */
function start(t: Test, environment: Record<string, string> = {}, ...options: string[]) {
  return startProcess(t, [...options, join(FOLDER, 'src/start.js')], {
    ...FAST_START,
    DATABASE_URL: 'sqlite::memory:',
    ...environment,
  })
}

function runCommand(path: string, words: string[], environment: Record<string, string> = {}) {
  return run(process.execPath, [join(FOLDER, path), ...words], {
    env: { ...process.env, ...FAST_START, ...environment },
  })
}

function bundle(...words: string[]) {
  return run(process.execPath, ['deploy/bundle.ts', ...words], { cwd: ROOT })
}

t.before(async () => {
  await bundle(FOLDER)
  symlinkSync(join(ROOT, 'node_modules'), join(FOLDER, 'node_modules'))
  mkdirSync(join(FOLDER, 'routes/failing'))
  writeFileSync(join(FOLDER, 'routes/failing/index.ts'), FAILING)
})

t.test('what is found by its name is there, and no other module', async (t) => {
  const found = globSync('{src,plugins,routes}/**/*.ts', { cwd: FOLDER }).sort()
  const named = ['src/commands/db.ts', 'src/commands/hash-secret.ts', 'src/storage/migrations/*.ts']
  const expected = globSync([...named, 'plugins/*.ts', 'routes/*/index.ts'], { cwd: ROOT })
  t.strictSame(found, [...expected, 'routes/failing/index.ts'].sort())
})

t.test('no package is in it that is left out of the image', async (t) => {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'))
  const modules = globSync('{chunks,plugins,routes,src}/**/*.{js,ts}', { cwd: FOLDER })
  // each module has its path above it
  const found = modules.flatMap((path) => [
    ...readFileSync(join(FOLDER, path), 'utf8').matchAll(
      /^\/\/ .*?(node_modules\/(?:@[^/]+\/)?[^/\n]+)/gm,
    ),
  ])
  const names = new Set(found.map(([, name = '']) => name))
  t.ok(names.size > 50, `${names.size} packages`)
  for (const name of names) t.equal(packages[name]?.dev, undefined, name)
})

t.test('it goes into a folder of its own', async (t) => {
  const refused = async (...words: string[]) => bundle(...words).catch((error: unknown) => error)
  t.match(await refused(), { code: 1, stderr: /say into which folder/ })
  t.match(await refused('.'), { code: 1, stderr: /is the service itself/ })
})

t.test('the service answers on the wire as it does from its sources', async (t) => {
  for (const { cases, environment } of TABLES) {
    const { url, stop } = await start(t, environment)
    for (const { wireCase, problems } of await runAll(cases, Number(new URL(url).port))) {
      t.same(problems, [], `${wireCase.section}: ${wireCase.sent}`)
    }
    t.equal(await stop(), 0)
  }
})

t.test('the console and all that it needs are there', async (t) => {
  const { url } = await start(t)
  const page = await (await fetch(`${url}/docs`)).text()
  const files = [...page.matchAll(/(?:src|href)="\/?(docs\/[^"]+\.(?:css|js))"/g)]
  t.equal(files.length, 4)
  for (const [, path = ''] of files) t.equal((await fetch(`${url}/${path}`)).status, 200, path)
})

t.test('with DEBUG a browser is shown where a failure arose', async (t) => {
  const { url } = await start(t, { DEBUG: 'true' })
  const reply = await fetch(`${url}/fails`, { headers: { accept: 'text/html' } })
  t.equal(reply.status, 500)
  t.match(await reply.text(), /no such thing.*routes\/failing\/index\.ts/s)
})

t.test('on a terminal the lines are made for people', async (t) => {
  const { lines } = await start(t, {}, ON_TERMINAL)
  t.match(lines[0], /^\[[\d:.]+\] .*INFO.*: .*Server listening at/)
})

t.test('spans are sent to a collector', async (t) => {
  const collector = await startCollector(t)
  const { url, stop } = await start(t, collector.environment)
  await fetch(`${url}/hello`)
  await stop()
  t.match(collector.spans(), [{ name: 'GET /hello' }])
})

t.test('replicas share a limit through Redis', { skip: skipUnless('redis-server') }, async (t) => {
  const redis = await startRedis(t)
  const environment = { REDIS_URL: redis.url, RATE_LIMIT: '10' }
  const remaining: (string | null)[] = []
  for (const _ of 'ab') {
    const { url } = await start(t, environment)
    remaining.push((await fetch(`${url}/hello`)).headers.get('ratelimit'))
  }
  t.match(remaining, [/r=9/, /r=8/])
})

testOnPostgres('the service and its commands find the database', async (t) => {
  const DATABASE_URL = await databaseUrl(t)
  const { url } = await start(t, { DATABASE_URL, WORKERS: '2' })
  t.equal(await (await fetch(`${url}/articles/123`)).text(), 'You are reading 123')
  const { stdout } = await runCommand('src/commands/db.ts', ['status'], { DATABASE_URL })
  t.match(stdout, /engine: PostgreSQL.*rows in articles: [1-9]/s)
})

t.test('secrets are hashed', async (t) => {
  const { stdout } = await runCommand('src/commands/hash-secret.ts', ['--token'])
  t.match(stdout, /[\da-f]{64}/)
})
