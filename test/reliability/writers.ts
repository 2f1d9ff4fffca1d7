import { setTimeout as delay } from 'node:timers/promises'
import { createClient, type Reply, type Send } from './client.ts'
import { attempt, type Change, type Entry, settle } from './ledger.ts'

/** How many clients write at once: more than PostgreSQL is given connections for. */
export const WRITERS = 12

/** How long a client waits that was told to try later, in milliseconds: less than it was told. */
const PAUSE = 50

interface Load {
  url: string
  /** Numbers from 0 up to 1. */
  random: () => number
  /** Where the writers note what they know. */
  entries: Entry[]
  /** Is told of each answer. */
  onReply: (reply: Reply) => void
  /** Asked before each request. */
  isOver: () => boolean
  /** Whether a proxy may send a change a second time: who then hears that it was made already, looks. */
  isProxied?: boolean
}

/**
 * Creates, replaces and deletes articles from several clients at once, each its own, until it is over
 * or the service is gone. What is pending when the service says to try later is asked for again.
 */
export async function write(load: Load): Promise<void> {
  const writers = Array.from({ length: WRITERS }, async () => {
    const { send, close } = createClient(load.url)
    try {
      await writeAlone(send, load)
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

async function writeAlone(send: Send, { random, entries, onReply, isOver, isProxied }: Load) {
  const mine: Entry[] = []
  while (!isOver()) {
    const reply = await step()
    onReply(reply)
    if (reply.status === 503) await delay(PAUSE)
  }

  function step() {
    const open = mine.find((entry) => entry.pending)
    if (open?.pending) return settle(send, open, open.pending)
    const text = `text ${random()}`
    const living = mine.filter(({ known }) => known)
    const entry = living[Math.floor(random() * living.length * 2)]
    if (!entry) return attempt(send, begin(), { method: 'POST', text })
    const isDoomed = random() < 0.4
    const change: Change = isDoomed ? { method: 'DELETE' } : { method: 'PUT', text }
    return isProxied ? settle(send, entry, change) : attempt(send, entry, change)
  }

  function begin(): Entry {
    const entry = { key: `article-${entries.length}` }
    entries.push(entry)
    mine.push(entry)
    return entry
  }
}

/** What the operating system and Node say of a server that is gone. */
const LOST = ['ECONNRESET', 'ECONNREFUSED', 'EPIPE']

function isConnectionLost(error: unknown): boolean {
  return LOST.includes(Object(error).code)
}
