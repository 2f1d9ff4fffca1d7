import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { FIXTURES } from '../fixtures/register.ts'
import { FAST_START, ON_TERMINAL, startServer, startSilent } from '../server.ts'
import { mountSmallDisk, noSmallDisk } from './small-disk.ts'

t.setTimeout(60_000)

t.test(
  'when a full disk has space again, logging resumes and no line is lost',
  { skip: noSmallDisk },
  async (t) => {
    const disk = mountSmallDisk(t, 2 ** 21)
    const file = join(disk.folder, 'app.log')
    const server = await startServer(
      t,
      {
        ...FAST_START,
        LOG_FILE: file,
        DATABASE_URL: 'sqlite::memory:',
      },
      t.testdir(),
      FIXTURES,
      ON_TERMINAL, // makes the service also print its URL to standard output
    )
    const request = async (id: string) => {
      const headers = { 'x-request-id': id }
      const reply = await fetch(`${server.url}/journal`, { headers })
      t.equal(reply.status, 200, id)
      await reply.text()
    }
    const lines = () => readFileSync(file, 'utf8').trimEnd().split('\n')
    await request('before')
    disk.fill(100)
    for (let index = 0; index < 20; index++) await request(`full-${index}`)
    disk.empty()
    while (!lines().some((line) => line.includes('full-19'))) await sleep(50)
    await request('after')
    t.equal(await server.stop(), 0)
    const ids = lines().map((line) => JSON.parse(line).clientRequestId)
    for (const id of ['before', 'full-0', 'full-10', 'full-19', 'after']) t.ok(ids.includes(id), id)
  },
)

const IN_MEMORY = { DATABASE_URL: 'sqlite::memory:' }

t.test('requests succeed while standard output is a full device', async (t) => {
  const device = openSync('/dev/full', 'w')
  t.teardown(() => closeSync(device))
  const { url, stop } = await startSilent(t, device, IN_MEMORY, FIXTURES)
  for (let index = 0; index < 20; index++) t.equal((await fetch(`${url}/journal`)).status, 200)
  t.equal(await stop(), 0)
})

t.test('requests succeed while standard output is a full pipe', async (t) => {
  const { url, stop } = await startSilent(t, 'pipe', IN_MEMORY, FIXTURES)
  // the log lines of these requests do not fit into the buffer of a pipe
  for (let index = 0; index < 1_000; index++) {
    const reply = await fetch(`${url}/journal`)
    if (reply.status !== 200) t.fail(`${reply.status}`)
    await reply.text()
  }
  t.equal(await stop(), 0)
})
