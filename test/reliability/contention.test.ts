import t, { type Test } from 'tap'
import { lastingUrl, testOnEachEngine } from '../engines.ts'
import { FIXTURES } from '../fixtures/register.ts'
import { FAST_START, startServer } from '../server.ts'
import { type Client, createClient } from './client.ts'

const CLIENTS = 64
const NOTES = 10

/** Number of increments that each client tries. */
const ATTEMPTS = 10

t.setTimeout(120_000)

testOnEachEngine('no concurrent update is lost', async (t) => {
  const { url } = await start(t)
  const clients = Array.from({ length: CLIENTS }, () => createClient(url))
  t.teardown(() => {
    for (const { close } of clients) close()
  })
  const paths = await createCounters(clients)
  const accepted = new Map(paths.map((path) => [path, 0]))
  const refused = new Map<number, number>()

  async function add(client: Client, path: string) {
    const status = await increment(client, path)
    if (status === 200) accepted.set(path, Number(accepted.get(path)) + 1)
    else refused.set(status, (refused.get(status) ?? 0) + 1)
  }
  await Promise.all(
    clients.map(async (client, index) => {
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        await add(client, String(paths[(index + attempt) % NOTES]))
      }
    }),
  )

  t.same([...refused.keys()], [412], 'some updates are refused, and all refusals are 412')
  for (const [path, count] of accepted) {
    const { body, headers } = await read(clients[0], path)
    t.equal(Object(body).body, String(count), 'the count is the number of accepted updates')
    t.match(headers.etag, `"${count + 1}.`, 'the version counts the accepted updates')
  }
  t.comment(JSON.stringify({ accepted: sum(accepted), refused: sum(refused) }))
})

/** Starts the service with a long database timeout, because the machine may be under load. */
async function start(t: Test) {
  const directory = t.testdir()
  const DATABASE_URL = await lastingUrl(t)
  const environment = { ...FAST_START, DATABASE_URL, DATABASE_TIMEOUT: '20000' }
  return startServer(t, environment, directory, FIXTURES)
}

function createCounters(clients: Client[]): Promise<string[]> {
  return Promise.all(
    clients.slice(0, NOTES).map(async ({ send }) => {
      const { headers } = await send('POST', '/notes', { body: counter(0) })
      return String(headers.location)
    }),
  )
}

function counter(count: number) {
  return { title: 'A counter', body: String(count), author: 'everyone' }
}

async function increment(client: Client, path: string): Promise<number> {
  const { headers, body } = await read(client, path)
  const { status } = await client.send('PUT', path, {
    headers: { 'if-match': headers.etag },
    body: counter(Number(Object(body).body) + 1),
  })
  return status
}

async function read(client: Client | undefined, path: string) {
  const reply = await client?.send('GET', path)
  if (reply?.status !== 200) throw new Error(`GET ${path} returns ${reply?.status}`)
  return reply
}

function sum(counts: Map<unknown, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0)
}
