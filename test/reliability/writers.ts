import { setTimeout as delay } from 'node:timers/promises'
import { createClient, type Reply, type Send } from './client.ts'
import { attempt, type Change, type Entry, NOTES, type Resource, settle } from './ledger.ts'

/** Number of clients that write at the same time, which is more than the connections of the pool. */
export const WRITERS = 12

/** Pause after a 503, which is shorter than its Retry-After. */
const PAUSE_MS = 50

interface WriteOptions {
  url: string
  /** Returns a number from 0 to below 1. */
  random: () => number
  /** Resource to write; the fixture resource by default. */
  resource?: Resource
  /** List to which the writers add their records. */
  entries: Entry[]
  /** Called after each response. */
  onReply: (reply: Reply) => void
  /** Called before each request. If this function returns true, the writer stops. */
  isOver: () => boolean
  /** True if a proxy may send a change twice. The second response then states that the change was already made. */
  isProxied?: boolean
}

/**
 * Creates, replaces and deletes notes from several clients at the same time. Each client writes to its own notes,
 * until `isOver` returns true or the service has ended. Retries changes that got a 503.
 */
export async function write(options: WriteOptions): Promise<void> {
  const writers = Array.from({ length: WRITERS }, async () => {
    const { send, close } = createClient(options.url)
    try {
      await writeAlone(send, options)
    } catch (error) {
      if (!isConnectionLost(error)) throw error
    } finally {
      close()
    }
  })
  const endings = await Promise.allSettled(writers)
  const failure = endings.find((ending) => ending.status === 'rejected')
  if (failure) throw failure.reason
}

async function writeAlone(
  send: Send,
  { random, resource = NOTES, entries, onReply, isOver, isProxied }: WriteOptions,
) {
  const mine: Entry[] = []
  while (!isOver()) {
    const reply = await writeNext()
    onReply(reply)
    if (reply.status === 503) await delay(PAUSE_MS)
  }

  function writeNext() {
    const unsettled = mine.find((entry) => entry.pending)
    if (unsettled?.pending) return settle(send, unsettled, unsettled.pending)
    const text = `text ${random()}`
    const existing = mine.filter(({ acknowledged }) => acknowledged)
    const entry = existing[Math.floor(random() * existing.length * 2)]
    if (!entry) return attempt(send, newEntry(), { method: 'POST', text })
    const isDeletion = random() < 0.4
    const change: Change = isDeletion ? { method: 'DELETE' } : { method: 'PUT', text }
    return isProxied ? settle(send, entry, change) : attempt(send, entry, change)
  }

  function newEntry(): Entry {
    const entry = { key: `note-${entries.length}`, collection: resource.path }
    entries.push(entry)
    mine.push(entry)
    return entry
  }
}

/** Error codes of a connection to a service that has ended. */
const CONNECTION_LOST = ['ECONNRESET', 'ECONNREFUSED', 'EPIPE']

function isConnectionLost(error: unknown): boolean {
  return CONNECTION_LOST.includes(Object(error).code)
}
