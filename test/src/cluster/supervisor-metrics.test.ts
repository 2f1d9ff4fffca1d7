import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { FIXTURES } from '../../fixtures/register.ts'
import { freePort } from '../../free-port.ts'
import type { Server } from '../../server.ts'
import { linesOf, pidsOf, startTwo, until } from '../../workers.ts'

const ONCE = { connection: 'close' }

/** Returns the values of a metric by worker. */
async function valuesOf(url: string, metric: string): Promise<Record<string, number>> {
  const text = await (await fetch(`${url}/metrics`, { headers: ONCE })).text()
  const lines = text.split('\n').filter((line) => line.startsWith(metric))
  return Object.fromEntries(
    lines.map((line) => [
      /worker="(\w+)"/.exec(line)?.[1] ?? 'none',
      Number(line.split(' ').at(-1)),
    ]),
  )
}

const HELLOS = 'http_request_duration_seconds_count{method="GET",route="/greeting",status="200"'

async function greet({ url }: Server, times: number) {
  for (let time = 0; time < times; time++) {
    await (await fetch(`${url}/greeting`, { headers: ONCE })).text()
  }
}

t.test('a scrape of any worker returns the metrics of all workers', async (t) => {
  const server = await startTwo(t, {}, FIXTURES)
  await greet(server, 6)
  for (let scrape = 0; scrape < 3; scrape++) {
    t.same(await valuesOf(server.url, HELLOS), { 1: 3, 2: 3 })
  }
  t.same(await valuesOf(server.url, 'worker_up'), { 1: 1, 2: 1 })
  t.same(await valuesOf(server.url, 'worker_restarts_total'), { 1: 0, 2: 0 })
  const memory = await valuesOf(server.url, 'process_resident_memory_bytes')
  t.same(Object.keys(memory), ['1', '2', 'supervisor'])
  t.equal(new Set(Object.values(memory)).size, 3, 'each process has its own value')
})

/** Kills the worker in the first slot, and waits until the supervisor notices. */
async function killFirst(server: Server) {
  process.kill(pidsOf(server)[0] ?? 0, 'SIGKILL')
  await until(() => linesOf(server).some(({ msg }) => msg === 'worker ended'))
}

/** Waits until the first worker responds to scrapes. The second worker must always respond. */
async function untilAllAreUp(t: Test, url: string) {
  let up: Record<string, number> = {}
  while (up[1] !== 1) {
    up = await valuesOf(url, 'worker_up')
    if (up[2] !== 1) return t.fail(JSON.stringify(up))
    await sleep(20)
  }
}

t.test(
  'a scrape succeeds while a worker is replaced, and the new worker continues its time series',
  async (t) => {
    const server = await startTwo(t, {}, FIXTURES)
    await greet(server, 6)
    await killFirst(server)
    t.same(await valuesOf(server.url, 'worker_up'), { 1: 0, 2: 1 })
    t.same(await valuesOf(server.url, HELLOS), { 2: 3 })
    await untilAllAreUp(t, server.url)
    await greet(server, 2)
    t.same(await valuesOf(server.url, HELLOS), { 1: 1, 2: 4 })
    t.same(await valuesOf(server.url, 'worker_restarts_total'), { 1: 1, 2: 0 })
  },
)

t.test('a scrape returns the metrics of the other workers if a worker hangs', async (t) => {
  const server = await startTwo(t, {}, FIXTURES)
  const [first = 0] = pidsOf(server)
  process.kill(first, 'SIGSTOP')
  // The supervisor gives two consecutive connections to different workers, so one reaches the running worker.
  const up = await Promise.any([1, 2].map(() => valuesOf(server.url, 'worker_up')))
  process.kill(first, 'SIGCONT')
  t.same(up, { 1: 0, 2: 1 })
})

t.test('ADMIN_PORT serves the metrics and the readiness of all workers', async (t) => {
  const port = await freePort()
  const server = await startTwo(t, { ADMIN_PORT: String(port) }, FIXTURES)
  const url = `http://127.0.0.1:${port}`
  await greet(server, 4)
  await untilAllAreUp(t, url)
  t.same(await valuesOf(url, HELLOS), { 1: 2, 2: 2 })
  t.equal((await fetch(`${server.url}/metrics`, { headers: ONCE })).status, 404)

  const headers = { ...ONCE, accept: 'application/json' }
  const ask = async () => (await fetch(`${url}/health/ready`, { headers })).json()
  t.match(await ask(), { status: 'ready', parts: { workers: 'pass' } })
  await killFirst(server)
  t.match(await ask(), { status: 503, parts: { workers: 'fail', database: 'pass' } })
})
