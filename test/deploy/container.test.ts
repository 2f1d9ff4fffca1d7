import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { parseConfig } from '../../src/config.ts'
import { CONTAINER_ENVIRONMENT, INSTRUCTIONS, KEYS, lastOf, readText } from './files.ts'

/** Files and folders that the Dockerfile copies from the repository, not from another stage. */
const COPIED = INSTRUCTIONS.filter(([name, rest]) => name === 'COPY' && !rest.startsWith('--from'))
  .flatMap(([, rest]) => rest.split(' ').slice(0, -1))
  .sort()

t.test('the build context has only what the Dockerfile copies', async (t) => {
  const lines = readText('.dockerignore')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
  t.equal(lines[0], '*', 'all files are excluded by default, such as tests, docs, .git and .env')
  t.strictSame(
    lines.slice(1).sort(),
    COPIED.map((path) => `!${path}`),
  )
  t.match(COPIED, [
    'deploy/bundle.ts',
    'package-lock.json',
    'package.json',
    'plugins',
    'routes',
    'src',
  ])
})

t.test(
  'the image build runs no install script, removes devDependencies and leaves an SBOM',
  async (t) => {
    const runs = INSTRUCTIONS.flatMap(([, rest]) => rest.split(' && ')).filter((command) =>
      /^npm /.test(command),
    )
    t.strictSame(runs, [
      'npm ci --ignore-scripts',
      'npm prune --omit=dev --ignore-scripts',
      'npm pkg delete devDependencies',
      'npm sbom --sbom-format=cyclonedx >/app/sbom.json',
    ])
  },
)

t.test('the container does not start without credentials', async (t) => {
  t.throws(() => parseConfig(CONTAINER_ENVIRONMENT), { message: /set AUTH_USERS or AUTH_TOKENS/ })
})

t.test(
  'the container listens on the exposed port, and stores its data on the volume',
  async (t) => {
    const AUTH_TOKENS = `someone::${'0'.repeat(64)}`
    const { server, storage } = parseConfig({ ...CONTAINER_ENVIRONMENT, AUTH_TOKENS })
    t.equal(server.host, '0.0.0.0')
    t.equal(String(server.port), lastOf('EXPOSE'))
    t.equal(storage.url, `sqlite:${lastOf('VOLUME')}/api.db`)
    for (const key of Object.keys(CONTAINER_ENVIRONMENT)) {
      t.ok(KEYS.has(key) || key.startsWith('NODE_'), `${key} is a variable of the service`)
    }
  },
)

t.test(
  'the container runs the command of npm start without a debugger, with a numeric user id',
  async (t) => {
    const { scripts } = JSON.parse(readText('package.json'))
    const command = [lastOf('ENTRYPOINT'), lastOf('CMD')].flatMap((list) => JSON.parse(list))
    t.equal(command.join(' '), scripts.start.replace('node', 'node --disable-sigusr1'))
    t.match(lastOf('USER'), /^[1-9]\d*:0$/, 'the group is that of an arbitrary user in OpenShift')
  },
)

t.test('the labels of the image match package.json', async (t) => {
  const { name, version, description, license } = JSON.parse(readText('package.json'))
  const labels = Object.fromEntries(
    [...lastOf('LABEL').matchAll(/image\.(\w+)="(.*?)"/g)].map(([, key, value]) => [key, value]),
  )
  t.match(labels, { title: name, version, licenses: license })
  t.ok(description.startsWith(labels.description))
})

const [, ...HEALTH_CHECK]: string[] = JSON.parse(lastOf('HEALTHCHECK').replace(/^.*?CMD /, ''))

/** Runs the health check of the image. Returns the exit code. */
async function checkHealth(env: Record<string, string>, ...options: string[]) {
  const child = execFile(process.execPath, [...options, ...HEALTH_CHECK], { env })
  const [code] = await once(child, 'exit')
  return code
}

t.test('the health check fails if the service responds with 503 or not at all', async (t) => {
  let status = 200
  const urls: (string | undefined)[] = []
  const server = createServer(({ url }, reply) => {
    urls.push(url)
    reply.writeHead(status, { connection: 'close' }).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const PORT = String((server.address() as AddressInfo).port) // the address of a TCP server is an object
  t.equal(await checkHealth({ PORT }), 0)
  const proxy = { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: 'http://127.0.0.1:1' }
  t.equal(await checkHealth({ PORT, ...proxy }), 0, 'it does not use a proxy')
  status = 503
  t.equal(await checkHealth({ PORT }), 1)
  t.strictSame(urls, ['/health/live', '/health/live', '/health/live'])
  server.close()
  await once(server, 'close')
  t.equal(await checkHealth({ PORT }), 1)
})

/** Node option with which a request fails unless it is for the default port. */
const EXPECTS_5000 = `--import=data:text/javascript,${encodeURIComponent(`
  import http from 'node:http'
  http.get = ({ port }) => process.exit(port === 5000 ? 0 : 2)
`)}`

t.test('the health check uses the default port if PORT is absent or empty', async (t) => {
  t.equal(await checkHealth({}, EXPECTS_5000), 0)
  t.equal(await checkHealth({ PORT: '' }, EXPECTS_5000), 0)
  t.equal(await checkHealth({ PORT: '1' }, EXPECTS_5000), 2)
})
