import { setTimeout as delay } from 'node:timers/promises'
import { createClient, type Reply } from './client.ts'
import type { Entry } from './ledger.ts'
import { seededRandom } from './random.ts'
import { write } from './writers.ts'

const READERS = 4

/** Pause of a reader between two requests. */
const PAUSE_MS = 20

/** A response, and the time at which the request was sent, from `performance.now()`. */
export interface Answer extends Reply {
  sentAtMs: number
}

/** Clients that read and write, and their responses. */
export interface Load {
  answers: Answer[]
  /** Records of the notes that the clients write. */
  entries: Entry[]
  /** Checks the condition after each response, and resolves when the condition is true. */
  until(condition: () => boolean): Promise<void>
  stop(): Promise<void>
}

/**
 * Starts clients that read and write until `stop` is called.
 *
 * @param isProxied true if the URL is that of a proxy, which may send a change twice
 */
export function startLoad(url: string, isProxied = false): Load {
  const answers: Answer[] = []
  const entries: Entry[] = []
  const listeners = new Set<() => void>()
  let isStopped = false
  const isOver = () => isStopped

  function onReply(reply: Reply) {
    answers.push({ ...reply, sentAtMs: performance.now() - reply.durationMs })
    for (const listener of listeners) listener()
  }
  const end = Promise.all([
    write({ url, random: seededRandom(1), entries, onReply, isOver, isProxied }),
    read(url, onReply, isOver),
  ])

  async function until(condition: () => boolean) {
    const { promise, resolve } = Promise.withResolvers<void>()
    const listener = () => condition() && resolve()
    listeners.add(listener)
    await Promise.race([promise, end]) // `end` rejects if the clients fail, because then no further response arrives
    listeners.delete(listener)
  }
  async function stop() {
    isStopped = true
    await end
  }
  return { answers, entries, until, stop }
}

async function read(url: string, onReply: (reply: Reply) => void, isOver: () => boolean) {
  const readers = Array.from({ length: READERS }, async () => {
    const { send, close } = createClient(url)
    while (!isOver()) {
      onReply(await send('GET', '/notes/123'))
      await delay(PAUSE_MS)
    }
    close()
  })
  await Promise.all(readers)
}
