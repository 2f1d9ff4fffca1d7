import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { ConfigError } from '../../../src/config-error.ts'
import { build } from '../../app.ts'
import { FIXTURES } from '../../fixtures/register.ts'
import { ON_TERMINAL, START, startServer, startSilent } from '../../server.ts'

function readLog(file: string): Record<string, unknown>[] {
  return readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

async function buildLogging(t: Test, environment: Record<string, string>) {
  return build(t, environment, { logDestination: undefined })
}

t.test(
  'LOG_FILE contains every line after the app is closed, and the next start keeps these lines',
  async (t) => {
    const file = join(t.testdir(), 'new', 'folder', 'app.log')
    for (const id of ['first', 'second']) {
      const app = await buildLogging(t, { LOG_FILE: file })
      await app.inject({ url: '/journal', headers: { 'x-request-id': id } })
      await app.close()
    }
    const written = [
      { level: 'info', msg: 'a note' },
      { level: 'warn', msg: 'a warning' },
      { level: 'error', msg: 'a failure' },
      { level: 'info', msg: 'request completed', route: '/journal', status: 200 },
    ]
    const lines = readLog(file)
    t.equal(lines.length, 8)
    t.match(lines, [
      ...written.map((line) => ({ ...line, clientRequestId: 'first' })),
      ...written.map((line) => ({ ...line, clientRequestId: 'second' })),
    ])
  },
)

t.test('LOG_LEVEL applies to LOG_FILE', async (t) => {
  const file = join(t.testdir(), 'app.log')
  const app = await buildLogging(t, { LOG_FILE: file, LOG_LEVEL: 'error' })
  await app.inject('/journal')
  await app.close()
  const lines = readLog(file)
  t.match(lines, [{ msg: 'a failure' }])
  t.equal(lines.length, 1)
})

t.test('the service does not start if LOG_FILE cannot be written', async (t) => {
  const folder = t.testdir({ taken: 'a file' })
  for (const file of [folder, join(folder, 'taken', 'app.log')]) {
    const error = await buildLogging(t, { LOG_FILE: file }).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    t.type(error, ConfigError)
    t.match(error, { message: new RegExp(`^LOG_FILE is "${file}": [^\\n]+$`) })
  }
})

/** Runs the service until it listens, and returns this line of its standard output. */
async function runService(t: Test, environment: Record<string, string>, ...options: string[]) {
  const service = spawn(process.execPath, [...options, START], {
    cwd: t.testdir(),
    env: { ...process.env, PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.teardown(() => service.kill('SIGKILL'))
  const exit = once(service, 'exit')
  const lines: string[] = []
  for await (const line of createInterface({ input: service.stdout })) {
    lines.push(line)
    if (line.includes('Server listening')) service.kill()
  }
  await exit
  return String(lines.find((line) => line.includes('Server listening')))
}

t.test('without LOG_FILE, lines are written to standard output as JSON', async (t) => {
  const line = await runService(t, {})
  t.match(JSON.parse(line), { level: 'info', msg: /^Server listening at http/ })
})

t.test('on a terminal, lines are readable text', async (t) => {
  const line = await runService(t, {}, ON_TERMINAL)
  t.match(line, /^\[.*\] INFO: Server listening at http/)
  t.notMatch(line, /hostname|"level"/)
})

t.test('on a terminal with LOG_FILE, lines are written to both', async (t) => {
  const file = join(t.testdir(), 'app.log')
  const line = await runService(t, { LOG_FILE: file }, ON_TERMINAL)
  t.match(line, /INFO: Server listening at http/)
  t.match(
    readLog(file).filter(({ level }) => level === 'info'),
    [{ msg: /^Server listening at http/ }],
  )
})

t.test('on a terminal, control characters in lines are escaped', async (t) => {
  const { url, lines } = await startServer(t, {}, t.testdir(), ON_TERMINAL, FIXTURES)
  const headers = { origin: 'http://\x9b2J\x85' }
  const [reply] = await once(request(`${url}/notes`, { method: 'POST', headers }).end(), 'response')
  t.equal(reply.resume().statusCode, 403)
  const find = () => lines.find((line) => line.includes('cross-site write refused'))
  while (!find()) await sleep(10)
  t.match(find(), '"origin":"http://\\u009b2J\\u0085"')
  t.notMatch(find(), /[\u007f-\u009f]/)
})

t.test('requests succeed while LOG_FILE cannot be written', async (t) => {
  const { url, stop } = await startServer(
    t,
    { LOG_FILE: '/dev/full' },
    t.testdir(),
    ON_TERMINAL,
    FIXTURES,
  )
  for (const attempt of ['first', 'second']) {
    const reply = await fetch(`${url}/journal`)
    t.equal(reply.status, 200, attempt)
  }
  t.equal(await stop(), 0)
})

t.test('requests succeed while the terminal cannot be written', async (t) => {
  const device = openSync('/dev/full', 'w')
  t.teardown(() => closeSync(device))
  const environment = { DATABASE_URL: 'sqlite::memory:' }
  const { url, errors, stop } = await startSilent(t, device, environment, ON_TERMINAL, FIXTURES)
  while (errors.length === 0) {
    const reply = await fetch(`${url}/journal`)
    t.equal(reply.status, 200)
  }
  t.equal((await fetch(`${url}/journal`)).status, 200, 'requests succeed after lines are lost')
  t.equal(await stop(), 0)
  t.equal(errors.length, 1, 'the loss is reported once')
  t.match(errors[0], /^the log is lost: /)
})
