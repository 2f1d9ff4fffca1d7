import { execFileSync } from 'node:child_process'
import { cpSync, readdirSync } from 'node:fs'
import { join, parse } from 'node:path'
import t from 'tap'
import { cloneProject } from '../docs/clone.ts'

const ROOT = join(import.meta.dirname, '../..')
const PLUGINS = readdirSync(join(ROOT, 'plugins')).map((file) => parse(file).name)

t.setTimeout(10 * 60_000) // installs packages

/** Folder of an empty project, into which the package is installed. */
const project = t.testdir({ 'package.json': '{ "private": true, "type": "module" }' })

/** Runs a program in the project and returns its output. `env` removes the loaders of tap. */
function run(...words: string[]) {
  return execFileSync('env', ['NODE_OPTIONS=', ...words], {
    cwd: project,
    encoding: 'utf8',
    stdio: 'pipe',
  })
}

const INSTALL = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts']
run('npm', 'pack', await cloneProject(t), '--silent') // builds in the clone
const [tarball = ''] = readdirSync(project).filter((file) => file.endsWith('.tgz'))
run('npm', 'install', ...INSTALL, `./${tarball}`)
cpSync(join(import.meta.dirname, 'consumer'), project, { recursive: true })

t.test('the package contains only compiled modules and what they read', async (t) => {
  const files = run('tar', '--list', '--file', tarball).trim().split('\n')
  const extensions = new Set(files.map((file) => /\.(?:d\.ts|\w+)$/.exec(file)?.[0]))
  t.strictSame([...extensions].sort(), ['.css', '.d.ts', '.js', '.json', '.md', '.svg', undefined])
})

t.test('a program embeds the service, with a resource in a folder of its own', async (t) => {
  t.strictSame(JSON.parse(run(process.execPath, 'embed.js')), {
    hasPath: true,
    statuses: {
      '/ text/html': 200,
      '/greetings */*': 200,
      '/openapi.json */*': 200,
      '/nowhere */*': 404,
      '/greetings?limit */*': 429,
    },
  })
})

t.test('plain Fastify apps register plugins one by one', async (t) => {
  const found = JSON.parse(run(process.execPath, 'plugins.js'))
  t.match(found.errors, [
    { status: 400, body: /body\/title must NOT have more than 5/ },
    { status: 400, body: /body\/title is required/ },
    { status: 500, body: '{"status":500,"message":"Internal Server Error"}' },
  ])
  t.match(found.negotiation, [{ status: 406 }, { status: 200 }, { status: 413 }])
  t.match(found.negotiation[0].headers, { vary: /Accept/ })
  t.match(found['conditional-requests'], [{ status: 304, body: '' }, { status: 412 }])
  t.match(found.idempotency, [{ body: '{"writes":1}' }, { body: '{"writes":1}' }, { status: 422 }])
  t.match(found['rate-limit'], [{ status: 200 }, { status: 429 }])
  t.match(found['rate-limit'][1].headers, { 'retry-after': String, ratelimit: /r=0/ })
  t.match(found.security, [{ status: 403 }, { status: 200 }])
  t.match(found.security[1].headers, { 'x-content-type-options': 'nosniff' })
})

t.test('each plugin can be imported, and has types', async (t) => {
  const imports = PLUGINS.map(
    (name) => `import ${name.replaceAll('-', '_')} from 'restful-web-api/plugins/${name}'`,
  )
  const code = `${imports.join('\n')}\nexport default [${PLUGINS.map((name) => name.replaceAll('-', '_'))}]`
  const script = `${code.replace('export default', 'console.log(')}.map((plugin) => typeof plugin).join())`
  const found = run(process.execPath, '--input-type=module', '--eval', script)
  t.equal(found.trim(), PLUGINS.map(() => 'function').join())
})

t.test('tools that check packages find nothing', async (t) => {
  const tools = t.testdir()
  for (const file of ['package.json', 'package-lock.json']) {
    cpSync(join(import.meta.dirname, file), join(tools, file))
  }
  run('npm', 'ci', '--prefix', tools, ...INSTALL)
  const tool = (name: string) => join(tools, 'node_modules/.bin', name)
  t.doesNotThrow(() => run(tool('publint'), tarball, '--strict'), 'publint')
  const entryPoints = ['.', ...PLUGINS.map((name) => `plugins/${name}`)]
  t.doesNotThrow(
    () => run(tool('attw'), tarball, '--profile', 'esm-only', '--entrypoints', ...entryPoints),
    'attw',
  )
})
