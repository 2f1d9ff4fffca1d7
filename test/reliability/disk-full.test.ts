import { join } from 'node:path'
import t, { type Test } from 'tap'
import { FIXTURES } from '../fixtures/register.ts'
import { FAST_START, startServer } from '../server.ts'
import { createClient, type Reply } from './client.ts'
import { attempt, type Entry } from './ledger.ts'
import { mountSmallDisk, noSmallDisk } from './small-disk.ts'
import { compareRows, verify } from './verification.ts'

const DISK_BYTES = 2 ** 21
const PAGE_BYTES = 4096

/** Number of clients that create notes at the same time. */
const WRITERS = 32

t.setTimeout(60_000)

/** Defines a test with the service on a small disk. At the end of the test, compares the database with the ledger. */
function testOnSmallDisk(title: string, body: (t: Test, scene: Scene) => Promise<void>) {
  t.test(title, { skip: noSmallDisk }, async (t) => {
    const disk = mountSmallDisk(t, DISK_BYTES)
    const DATABASE_URL = `sqlite:${join(disk.folder, 'api.db')}`
    const server = await startServer(t, { ...FAST_START, DATABASE_URL }, undefined, FIXTURES)
    const clients = Array.from({ length: WRITERS }, () => createClient(server.url))
    t.teardown(() => {
      for (const { close } of clients) close()
    })
    const entries: Entry[] = []
    /** Makes all clients create a note at the same time. */
    async function create() {
      const creations = clients.map(({ send }) => {
        const entry = { key: `note-${entries.length}` }
        entries.push(entry)
        return attempt(send, entry, { method: 'POST', text: `the text of ${entry.key}` })
      })
      return Promise.all(creations)
    }
    await body(t, { disk, server, create, read: () => clients[0]?.send('GET', '/notes/123') })
    await verify(t, server.url, entries)
    t.equal(await server.stop(), 0, 'the service ends with exit code 0')
    await compareRows(t, DATABASE_URL, entries)
  })
}

interface Scene {
  disk: ReturnType<typeof mountSmallDisk>
  server: Awaited<ReturnType<typeof startServer>>
  create: () => Promise<Reply[]>
  read: () => Promise<Reply> | undefined
}

function statuses(replies: Reply[]) {
  return [...new Set(replies.map(({ status }) => status))].sort()
}

testOnSmallDisk('with a full disk, writes return 507 and reads succeed', async (t, scene) => {
  const { disk, server, create, read } = scene
  disk.fill(2 ** 18)
  let replies = await create()
  while (!statuses(replies).includes(507)) replies = await create()
  const refusal = replies.find(({ status }) => status === 507)
  t.same(refusal?.body, { status: 507, message: 'Insufficient Storage' })
  t.equal((await read())?.status, 200, 'reads succeed')
  const line = server.lines.find((line) => line.includes('"request failed"'))
  t.match(line, 'SQLite: database or disk is full', 'the log contains the cause')

  disk.empty()
  t.same(statuses(await create()), [201], 'with free space, writes succeed without a restart')
})

testOnSmallDisk('no acknowledged write is lost if the disk becomes full', async (t, scene) => {
  const { disk, create, read } = scene
  const seen: number[][] = []
  for (let pages = 0; pages < 24; pages++) {
    disk.fill(pages * PAGE_BYTES)
    seen.push(statuses(await create()))
    t.equal((await read())?.status, 200, 'reads succeed')
    disk.empty()
  }
  t.same(seen[0], [507], 'without free space no write succeeds')
  t.ok(
    seen.some(({ length }) => length > 1),
    'with little free space some writes succeed',
  )
  t.same(statuses(await create()), [201], 'with free space all writes succeed')
})
