import { execFileSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { FAST_START, LOOPING, type Server } from '../../server.ts'
import { isAlive, linesOf, pidsOf, startTwo, until } from '../../workers.ts'

const ONCE = { connection: 'close' }

async function readMetrics({ url }: Server): Promise<string> {
  return (await fetch(`${url}/metrics`, { headers: ONCE })).text()
}

async function isReady({ url }: Server): Promise<boolean> {
  return (await fetch(`${url}/health/ready`, { headers: ONCE })).ok
}

const count = (server: Server, line: string) =>
  linesOf(server).filter(({ msg }) => msg === line).length

for (const [signal, cause] of [
  ['SIGSTOP', 'is stopped'],
  ['SIGWINCH', 'runs an endless loop'],
] as const) {
  t.test(`a worker that ${cause} is killed, counted and replaced`, async (t) => {
    const server = await startTwo(t, FAST_START, LOOPING)
    const [first = 0] = pidsOf(server)
    process.kill(first, signal)
    await until(() => count(server, 'worker ended') > 0)
    t.notOk(await isReady(server))
    t.match(
      linesOf(server).filter(({ msg }) => msg.startsWith('worker ')),
      [
        { level: 'error', worker: '1', msg: 'worker hangs: killing it' },
        { worker: '1', signal: 'SIGKILL', msg: 'worker ended' },
      ],
    )
    await until(() => pidsOf(server).length === 3)
    while (!(await isReady(server))) await sleep(20)
    t.match(
      await readMetrics(server),
      /^worker_hangs_total\{worker="1"\} 1\nworker_hangs_total\{worker="2"\} 0$/m,
    )
    t.equal(await server.stop(), 0)
  })

  t.test(`a shutdown ends although a worker ${cause}`, async (t) => {
    const server = await startTwo(t, { ...FAST_START, SHUTDOWN_TIMEOUT: '100' }, LOOPING)
    const [first = 0] = pidsOf(server)
    process.kill(first, signal)
    t.equal(await server.stop(), 1)
    await until(() => !pidsOf(server).some(isAlive))
    t.match(
      linesOf(server).filter(({ msg }) => msg.startsWith('shutdown')),
      [{ level: 'error', workers: 1, msg: 'shutdown timed out: killing workers' }],
    )
  })

  t.test(`a worker that ${cause} during a long shutdown is killed`, async (t) => {
    const server = await startTwo(t, { ...FAST_START, SHUTDOWN_TIMEOUT: '60000' }, LOOPING)
    const [first = 0] = pidsOf(server)
    process.kill(first, signal)
    t.equal(await server.stop(), 1)
    t.equal(count(server, 'worker hangs: killing it'), 1)
  })
}

/** Returns the process ids that `ps` selects. */
const processes = (...selection: string[]) =>
  execFileSync('ps', selection, { encoding: 'utf8' }).trim().split(/\s+/).map(Number)

t.test('a worker that is stopped while it starts is killed and replaced', async (t) => {
  const server = await startTwo(t, FAST_START)
  const [first = 0, second = 0] = pidsOf(server)
  const [supervisor] = processes('-o', 'ppid=', '-p', String(first))
  process.kill(first, 'SIGKILL')
  let replacement: number | undefined
  while (replacement === undefined) {
    await sleep(20)
    const children = processes('-o', 'pid=', '--ppid', String(supervisor))
    replacement = children.find((pid) => pid !== first && pid !== second)
  }
  process.kill(replacement, 'SIGSTOP')
  await until(() => count(server, 'worker hangs: killing it') === 1)
  await until(() => pidsOf(server).length === 3)
  t.notOk(pidsOf(server).includes(replacement), 'it has never listened')
  while (!(await isReady(server))) await sleep(20)
  t.match(await readMetrics(server), /^worker_hangs_total\{worker="1"\} 1$/m)
  t.equal(await server.stop(), 0)
})
